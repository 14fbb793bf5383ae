"""The audit log: what somebody did that has to be provable later. Apart from the ledger, and append-only.

Writing adds a row and holds nothing; its place in the chain comes afterwards, in ``audit/seals.py``. No secrets,
no addresses, no contents: ids, and the names without which nobody could read it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.routing import write_aside
from app.features.members.actor import Actor
from app.features.members.models import SUBJECT_LENGTH, AuditEntry, Member, Organisation
from app.features.members.rules import AuditAction, OrganisationKind

Change = tuple[str | None, str | None]
"""A field before and after, as text."""
NOTHING: Final[Mapping[str, Change]] = MappingProxyType({})


class Subject(NamedTuple):
    """What an act was about, where it is no member and no organisation: a file, a wish, nobody known."""

    name: str
    """Cut to what the log has room for. Empty: whatever the member ``id`` is called."""
    id: UUID | None = None
    place_id: UUID | None = None
    """The branch or community it happened in."""


def record(
    session: Session,
    actor_id: UUID | None,
    action: AuditAction,
    subject: Member | Organisation | Actor | Subject,
    changes: Mapping[str, Change] = NOTHING,
) -> None:
    """Note who did what to whom, in the same unit of work as the act. For reads, see ``core.routing.write_aside``.

    ``actor_id`` is ``None`` for a command on the server and for somebody unknown. ``changes`` says what else must be
    known, before and after: no secrets and no contents. ``changed({}, {"file": name})`` makes one of plain words.
    """
    about = _subject(subject)
    session.add(
        AuditEntry(
            actor_id=actor_id,
            action=action,
            subject_id=about.id,
            subject=about.name[:SUBJECT_LENGTH],
            place_id=about.place_id,
            changes={field: list(change) for field, change in changes.items()},
        )
    )


def printed(session: Session, request: Any, actor: Actor, what: str, **numbers: int) -> None:
    """Note that the actor has something of the own branch on paper: beside the answer, as for every read."""
    whose, said = Subject(what, None, actor.branch_id), changed({}, numbers)
    write_aside(session, request, lambda writing: record(writing, actor.member_id, AuditAction.PRINTED, whose, said))


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, Change]:
    """The fields in which ``after`` differs from ``before``, as text; a field that is missing counts as empty."""
    fields = dict.fromkeys((*before, *after))
    texts = {field: (_text(before.get(field)), _text(after.get(field))) for field in fields}
    return {field: (old, new) for field, (old, new) in texts.items() if old != new}


def _subject(about: Member | Organisation | Actor | Subject) -> Subject:
    match about:
        case Subject():
            return about
        case Actor():
            return Subject(about.name, about.member_id, about.branch_id)
        case Member():
            return Subject(about.name, about.id, about.branch_id)
        case Organisation():
            home = about.parent_id if about.kind is OrganisationKind.GROUP else about.id
            return Subject(about.name, about.id, home)


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)

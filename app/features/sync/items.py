"""Reads the items of a batch one by one: what cannot be read is refused alone, and its neighbours go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from app.core import phone_time
from app.core.i18n import gettext as _
from app.features.inbox.arrivals import Arrival
from app.features.inbox.canonical import canonical, content_hash
from app.features.inbox.kinds import CapturedKind
from app.features.inbox.rules import ACCEPTED, Outcome, refused
from app.features.members.rules import Permission
from app.features.sync import rules, times
from app.features.sync.forms import Item

Kinds = Mapping[str, CapturedKind[Any]]
SHOWN_ID_LENGTH = 80
"""Characters of an id that is none, given back so that the phone finds its item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose items these are, and what is known of the phone they come from."""

    member_id: UUID
    branch_id: UUID
    device_id: str
    permissions: frozenset[Permission]
    received_at: datetime
    shift: timedelta = timedelta(0)
    """What has to be added to the phone's times, see ``times.shift``."""
    handed_over_by_id: UUID | None = None
    """The officer who took the items in from a file; the phone's clock is unknown then."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that cannot even be remembered: it has no id, or no content that could be told from another."""

    sent_id: str | None
    refusal: Outcome


@dataclass(frozen=True, slots=True)
class Readable:
    """An item that stands at the door, and its payload as its kind reads it; None if it is refused for what it is."""

    sent_id: str | None
    """In the phone's own spelling."""
    arrival: Arrival
    payload: BaseModel | None


def read(raw: object, sender: Sender, kinds: Kinds) -> Readable | Unreadable:
    """One item as it stands at the door: refused for what it is, else accepted until its turn and flags are known."""
    sent_id = _shown(raw.get("id")) if isinstance(raw, dict) else None
    try:
        item = Item.model_validate(raw)
        occurred = phone_time.read(item.occurred_at)
        content = canonical(item.payload)
        digest = content_hash(kind=item.kind, payload=item.payload, occurred_at=item.occurred_at)
    except (ValueError, RecursionError):
        return Unreadable(sent_id, _unreadable())
    payload, refusal = _payload(item, len(content), kinds, sender.permissions)
    arrival = Arrival(
        id=item.id,
        member_id=sender.member_id,
        branch_id=sender.branch_id,
        device_id=sender.device_id,
        handed_over_by_id=sender.handed_over_by_id,
        kind=item.kind,
        payload=None if refusal else content.decode(),
        content_hash=digest,
        occurred_as_sent=item.occurred_at,
        occurred_at=times.storable(occurred.moment),
        corrected_at=times.corrected(occurred.moment, sender.shift),
        received_at=sender.received_at,
        seq=item.seq,
        depends_on=item.depends_on,
        made_offline=item.made_offline,
        would_be_refused=item.refusal_on_phone,
        outcome=refusal or ACCEPTED,
    )
    return Readable(sent_id, arrival, payload)


def _payload(
    item: Item, size: int, kinds: Kinds, may: frozenset[Permission]
) -> tuple[BaseModel | None, Outcome | None]:
    """The payload as its kind reads it, or why the item can never be taken in."""
    if (kind := kinds.get(item.kind)) is None:
        return None, refused("unknown_kind", _("The service does not know this kind of record. Record it on its page."))
    if kind.needs not in may:
        return None, refused(
            "not_allowed", _("Your account has no records of this kind. If it should, ask an officer.")
        )
    if size > rules.MAX_PAYLOAD_BYTES:
        return None, refused("payload_too_large", _("This record is too long. Shorten it and record it again."))
    try:
        return kind.payload.model_validate(item.payload), None
    except ValidationError as invalid:
        wrong = {str(problem["loc"][0]) for problem in invalid.errors(include_input=False) if problem["loc"]}
    if named := [str(word) for name, word in kind.words.items() if name in wrong]:
        sentence = _("Something is missing or wrong here: %(fields)s. Correct it and record it again.")
        return None, refused("bad_payload", sentence % {"fields": _(", ").join(named)})
    return None, _unreadable()


def _unreadable() -> Outcome:
    return refused("bad_payload", _("Something in this record cannot be read. Record it again."))


def _shown(sent: object) -> str | None:
    if isinstance(sent, str):
        return sent[:SHOWN_ID_LENGTH].encode("utf-8", "replace").decode()
    return str(sent) if isinstance(sent, int | float) else None

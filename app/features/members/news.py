"""What others did to somebody's account and posts: told on the page of today until it is read.

It is read from the audit log, where it stands anyway. Told are slips, passwords, links with
accounts outside, the phone and posts.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_renewing
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.members.models import AuditEntry, Member, NewsRead
from app.features.members.queries import AnyRow
from app.features.members.rules import DETAIL_LABELS, AuditAction, Permission, Role

TOLD: Final = frozenset(
    {
        AuditAction.SLIP_ISSUED,
        AuditAction.PASSWORD_SET,
        AuditAction.PASSWORD_CHANGED,
        AuditAction.SECOND_FACTOR_ADDED,
        AuditAction.SECOND_FACTOR_REMOVED,
        AuditAction.SECOND_FACTOR_RESET_PROPOSED,
        AuditAction.ACCOUNT_LINKED,
        AuditAction.ACCOUNT_UNLINKED,
        AuditAction.POST_GIVEN,
        AuditAction.POST_ENDED,
        AuditAction.MEMBER_CHANGED,
        AuditAction.MEMBER_MOVED,
    }
)
"""Of a change of the details only the phone is told: it is what one signs in with."""
TOLD_FOR: Final = timedelta(days=60)
"""How far back the page of today looks; the rest stands among the own data."""
MOST: Final = 8
"""Lines of the notice."""

_LOG: Final = (
    select(AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.changes, Member.name.label("by"))
    .outerjoin(Member, Member.id == AuditEntry.actor_id)
    .order_by(AuditEntry.id.desc())
)
_ENTRIES: Final = _LOG.where(AuditEntry.subject_id == bindparam("subject"))
_READ: Final = select(NewsRead.until_entry).where(NewsRead.member_id == bindparam("me"))
_RECENT: Final = _LOG.where(
    AuditEntry.at >= bindparam("since"),
    AuditEntry.id > func.coalesce(_READ.scalar_subquery(), bindparam("nothing", type_=Uuid())),
)
_NEWS: Final = _RECENT.where(AuditEntry.subject_id == bindparam("me"), AuditEntry.action.in_(sorted(TOLD))).limit(
    4 * MOST
)
_MOVED: Final = (
    _RECENT.add_columns(AuditEntry.subject, AuditEntry.subject_id)
    .where(
        AuditEntry.action.in_((AuditAction.MEMBER_MOVED, AuditAction.MEMBER_MOVED_AWAY)),
        AuditEntry.place_id == bindparam("branch"),
        AuditEntry.subject_id != bindparam("me"),  # told as one's own news already
    )
    .limit(MOST)
)
_CHANGES: Final = _ENTRIES.where(AuditEntry.action == AuditAction.MEMBER_CHANGED).limit(bindparam("number"))
_NOTHING: Final = UUID(int=0)
_NEWS_READ: Final = cast(Table, NewsRead.__table__)


class News(NamedTuple):
    """One line of the notice."""

    id: UUID
    at: datetime
    words: str
    by: str | None
    """Who did it; nobody for a command on the server."""
    about: UUID | None = None
    """Whose page it leads to, where it is about somebody else."""


def unread(session: Session, actor: Actor) -> list[News]:
    """What was done to the actor's account and posts and has not been read, newest first: at most ``MOST``.

    Officers read here as well who came into their branch from another one, and who went to another one.
    """
    asked = {"me": actor.member_id, "since": clock.now() - TOLD_FOR, "nothing": _NOTHING}
    told = [News(row.id, row.at, _words(row), row.by) for row in session.execute(_NEWS, asked) if _is_told(row)]
    if actor.may(Permission.MANAGE_BRANCH_PEOPLE):
        told += [_move(row) for row in session.execute(_MOVED, asked | {"branch": actor.branch_id})]
    return sorted(told, key=lambda news: news.id, reverse=True)[:MOST]


def mark_read(session: Session, actor: Actor, *, until: UUID) -> None:
    """The actor has read everything up to this entry; what came since stays."""
    statement = insert_renewing(session, _NEWS_READ, where=_NEWS_READ.c.until_entry < bindparam("until"))
    session.execute(statement, {"member_id": actor.member_id, "until_entry": until, "until": until})


def lately(session: Session, member_id: UUID, *, changes: int) -> str:
    """The fields that the last so many changes of a member's details were about, and who made them, in words."""
    rows = session.execute(_CHANGES, {"subject": member_id, "number": max(changes, 1)}).all()
    fields = list(dict.fromkeys(field for row in rows for field in row.changes))
    names = list(dict.fromkeys(row.by for row in rows if row.by))
    said = _(", ").join(str(DETAIL_LABELS.get(field, field)) for field in fields)
    return _("%(what)s (%(of)s)") % {"what": said, "of": _(", ").join(names)} if names else said


def _is_told(row: AnyRow) -> bool:
    return row.action is not AuditAction.MEMBER_CHANGED or "phone" in row.changes


def _move(row: AnyRow) -> News:
    before, after = row.changes.get("branch") or (None, None)
    if row.action is AuditAction.MEMBER_MOVED_AWAY:
        gone = _("%(name)s has moved from here to %(branch)s") % {"name": row.subject, "branch": after or "–"}
        return News(row.id, row.at, gone, row.by)
    words = {"name": row.subject, "branch": before or "–"}
    if row.changes.get("group"):
        arrived = _("%(name)s has moved here from %(branch)s") % words
    else:
        arrived = _("%(name)s has moved here from %(branch)s; please choose the group") % words
    return News(row.id, row.at, arrived, row.by, row.subject_id)


def _words(row: AnyRow) -> str:
    """The action, and what it was about."""
    label = str(row.action.label)
    about = row.changes.get("role") or row.changes.get("phone")
    if row.action in (AuditAction.POST_GIVEN, AuditAction.POST_ENDED):
        role = next((word for word in about or () if word), None)
        return _told(label, Role(role).label) if role else label
    if row.action is AuditAction.MEMBER_MOVED and (moved := row.changes.get("branch")):
        return _told(label, f"{moved[0] or '–'} → {moved[1] or '–'}")
    if row.action is AuditAction.MEMBER_CHANGED and about:
        return _told(DETAIL_LABELS["phone"], f"{about[0] or '–'} → {about[1] or '–'}")
    if row.action in (AuditAction.ACCOUNT_LINKED, AuditAction.ACCOUNT_UNLINKED):
        return _told(label, next((word for word in row.changes.get("way") or () if word), "–"))
    return label


def _told(what: LazyText | str, of: LazyText | str) -> str:
    return _("%(what)s: %(of)s") % {"what": what, "of": of}

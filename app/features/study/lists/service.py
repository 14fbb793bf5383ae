"""A list of hours is handed in by one, and said to be right, or taken back, by another."""

from collections.abc import Collection, Sequence
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.core.ids import new_id
from app.core.rows import IDS
from app.core.words import Word
from app.features.history import service as history
from app.features.imports.models import Upload
from app.features.ledger import closings
from app.features.ledger.closings import YearClosedError
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.study.lists import profiles, queries
from app.features.study.lists.models import HoursEntry, HoursImport
from app.features.study.lists.planning import PlannedRow

SUBJECT: Final = "hours_import"
_ENTRIES: Final = cast(Table, HoursEntry.__table__)
_PEOPLE: Final = select(Member.id).where(Member.id.in_(IDS)).order_by(Member.id).with_for_update(key_share=True)
_SAY: Final = (
    update(_ENTRIES)
    .where(_ENTRIES.c.id.in_(IDS), _ENTRIES.c.confirmed_at.is_(None), _ENTRIES.c.taken_back_at.is_(None))
    .values(confirmed_by_id=bindparam("by"), confirmed_at=bindparam("now"))
)
_TOO_LATE: Final = update(_ENTRIES).where(_ENTRIES.c.id.in_(IDS)).values(is_history=True)
_TAKE_BACK: Final = (
    update(_ENTRIES)
    .where(_ENTRIES.c.id.in_(IDS), _ENTRIES.c.taken_back_at.is_(None))
    .values(taken_back_by_id=bindparam("by"), taken_back_at=bindparam("now"))
)


class Step(Word):
    """What happened to a list."""

    BROUGHT = "brought", _("brought in")
    CONFIRMED = "confirmed", _("confirmed")
    TAKEN_BACK = "taken_back", _("taken back")


class MappingMissingError(ConflictError):
    """Nobody has said yet what its columns mean."""

    code = "mapping_missing"
    message = _("First say what the columns of this list mean.")


class BroughtByNowError(ConflictError):
    """Somebody brought in the same rows at this moment."""

    code = "brought_by_now"
    message = _("Somebody brought in some of the same rows just now. Look at the list again.")


class FollowedError(ConflictError):
    """A later total builds on it."""

    code = "followed"
    message = _("A later list of totals builds on this one. Take the later one back first.")


class ArchivedHoursError(YearClosedError):
    """They counted in a year that is archived."""

    message = _(
        "Some of these hours counted in a year that is archived now. They can be taken back only after the organ "
        "committee has re-opened it."
    )


def hold(session: Session, member_ids: Collection[UUID]) -> None:
    """Keep these people until the unit of work ends: two lists at once add up one after the other."""
    session.execute(_PEOPLE, {"ids": sorted(member_ids)}).all()


def hand_in(
    session: Session, actor: Actor, upload: Upload, said: profiles.ListChoices, rows: Sequence[PlannedRow]
) -> None:
    """Let the new rows of an upload wait for another officer. The people in them are held.

    Raises:
        BroughtByNowError: a row is there by now.
        OtherKindError: hours stand that were said to be, or not to be, totals that grow.
    """
    new = [one for one in rows if one.key and one.who and one.on]
    if not new or upload.place_id is None:
        return
    profiles.check_kind(session, upload, is_cumulative=said.is_cumulative)
    session.add(
        HoursImport(
            id=upload.id,
            organisation_id=upload.place_id,
            source=said.source,
            fingerprint=profiles.fingerprint(upload),
            file_name=upload.file_name,
            hours_class=said.hours_class,
            is_cumulative=said.is_cumulative,
            brought_by_id=actor.member_id,
        )
    )
    session.flush()
    entries = [
        {
            "id": new_id(),
            "import_id": upload.id,
            "member_id": one.who.id,
            "branch_id": one.who.branch_id,
            "brought_by_id": actor.member_id,
            "on": one.on,
            "title": one.row.entry.title,
            "minutes": one.minutes,
            "total": one.row.entry.minutes if said.is_cumulative else None,
            "key": one.key,
            "is_history": one.is_history,
        }
        for one in new
        if one.who
    ]
    with refusing(session, {"uq_hours_entries_key": BroughtByNowError}, rows_alone=True):
        session.execute(_ENTRIES.insert(), entries)
    history.record(session, SUBJECT, upload.id, Step.BROUGHT, by_id=actor.member_id, number=len(entries))


def confirm(session: Session, actor: Actor, *, list_id: UUID) -> int:
    """Say as another officer that what waits is right; own hours stay for somebody else. Twice is once.

    What is of a year that was archived meanwhile is history. Gives how many entries count by it.

    Raises:
        NotFoundError: nothing of it is the actor's to know, or to say.
    """
    shown = queries.shown(session, actor, list_id, hold=True)
    entries = shown.to_confirm
    if not entries:
        if not shown.to_take_back:
            raise NotFoundError
        return 0
    said = {"ids": [one.id for one in entries], "by": actor.member_id, "now": clock.now()}
    if late := _of_closed_years(session, entries):
        session.execute(_TOO_LATE, {"ids": [one.id for one in late]})
    session.execute(_SAY, said)
    history.record(session, SUBJECT, list_id, Step.CONFIRMED, by_id=actor.member_id, number=len(entries))
    for one in entries:
        session.expire(one)
    return len(entries)


def take_back(session: Session, actor: Actor, *, list_id: UUID, reason: str) -> int:
    """Take back what one may say something about, confirmed or not; who brought the list, what still waits of it.

    What two have said, neither who brought it nor who profits undoes alone: another officer does. Twice is once.

    Raises:
        NotFoundError: nothing of it is the actor's to know, or to say.
        FollowedError: a later list of totals builds on it.
        ArchivedHoursError: some of it counted in a year that is archived.
    """
    shown = queries.shown(session, actor, list_id, hold=True)
    if shown.of.brought_by_id == actor.member_id:
        entries = [one.entry for one in shown.entries if one.waits]
    else:
        entries = shown.to_take_back
    if not entries:
        if any(one.stands for one in shown.entries):
            raise NotFoundError
        return 0
    hold(session, {one.member_id for one in entries})
    if queries.is_followed(session, shown.of, entries):
        raise FollowedError
    if _of_closed_years(session, [one for one in entries if one.confirmed_at]):
        raise ArchivedHoursError
    said = {"ids": [one.id for one in entries], "by": actor.member_id, "now": clock.now()}
    session.execute(_TAKE_BACK, said)
    history.record(session, SUBJECT, list_id, Step.TAKEN_BACK, by_id=actor.member_id, note=reason, number=len(entries))
    for one in entries:
        session.expire(one)
    return len(entries)


def _of_closed_years(session: Session, entries: Sequence[HoursEntry]) -> list[HoursEntry]:
    """Those of years that take nothing any more, as far as they are not history yet."""
    asked = [one for one in entries if not one.is_history]
    if not asked:
        return []
    closed = closings.closed(session, {one.member_id for one in asked}, {one.on.year for one in asked})
    return [one for one in asked if (one.member_id, one.on.year) in closed]

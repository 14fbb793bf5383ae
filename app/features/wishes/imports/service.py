"""A list of wishes on its way: kept sealed, looked at, confirmed once, forgotten after a day."""

from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import CursorResult, bindparam, delete
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.core.sealing import sealer
from app.core.tables import one_line
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.organisations.communities import queries as communities
from app.features.wishes.contacts import service as contacts
from app.features.wishes.imports import queries
from app.features.wishes.imports.models import WishUpload
from app.features.wishes.imports.rules import Entry, Outcome, PlannedRow, Reading, Verdict, planned
from app.features.wishes.intake.service import WishText, choose, put_down
from app.features.wishes.rules import Origin

KEPT_FOR: Final = timedelta(days=1)
"""How long an upload may wait for its confirmation, and its bad rows to be fetched."""
_READING: Final = TypeAdapter(Reading)
_OUTCOME: Final = TypeAdapter(Outcome)
_DISCARD: Final = delete(WishUpload).where(
    WishUpload.id == bindparam("upload"), WishUpload.uploaded_by_id == bindparam("me")
)
_FORGET_OLD: Final = delete(WishUpload).where(WishUpload.uploaded_at < bindparam("before"))


def keep_upload(
    session: Session, actor: Actor, *, community_id: UUID | None, file_name: str, reading: Reading
) -> WishUpload:
    """Keep the rows of a file, sealed, until they are confirmed.

    Raises:
        CommunityMissingError: the actor answers for several communities, and none was chosen.
        NotFoundError: the actor does not answer for the one that was.
        KeyMissingError: the server cannot seal them.
    """
    place = choose([row.id for row in communities.answered(session, actor)], community_id)
    upload = WishUpload(
        id=new_id(),
        uploaded_by_id=actor.member_id,
        community_id=place,
        file_name=one_line(file_name)[-200:],
        row_count=len(reading.rows),
    )
    _seal(upload, reading)
    session.add(upload)
    session.flush()
    return upload


def read(upload: WishUpload) -> Reading:
    """The rows that are kept: all of them, and only those with problems once the list is confirmed.

    Raises:
        KeyMissingError, BrokenSealError: the server does not find the key that fits.
    """
    return _READING.validate_json(sealer().open(upload.sealed, belongs_to=upload.id))


def plan(session: Session, upload: WishUpload) -> list[PlannedRow]:
    """What confirming the upload would do now."""
    rows = read(upload).rows
    titles = {row.entry.title for row in rows if not row.problems}
    return planned(rows, queries.neighbours(session, upload.community_id, titles))


def confirm(session: Session, actor: Actor, *, upload_id: UUID) -> Outcome:
    """Enter the good rows as drafts. Confirming once more, or the same list again, changes nothing.

    Raises:
        NotFoundError: no such upload of the actor's, or the actor no longer answers for its community.
        NoLeaderError: no branch answers for it.
        KeyMissingError, BrokenSealError: the server does not find the key that fits.
    """
    members.lock(session, actor.member_id)  # the same list in two windows: the second finds what the first has entered
    upload = queries.upload_of(session, actor, upload_id, hold=True)
    if done := outcome_of(upload):
        return done
    communities.answered_community(session, actor, upload.community_id)
    reading, rows = read(upload), plan(session, upload)
    by_verdict = {verdict: [row for row in rows if row.verdict is verdict] for verdict in Verdict}
    for row in by_verdict[Verdict.NEW]:
        _enter(session, actor, upload.community_id, row.row.entry)
    done = Outcome(
        new=len(by_verdict[Verdict.NEW]),
        same=len(by_verdict[Verdict.SAME]),
        returned=len(by_verdict[Verdict.PROBLEM]),
    )
    left = tuple(row.row for row in by_verdict[Verdict.PROBLEM])
    _seal(upload, Reading(reading.headings, reading.unread, left))
    upload.confirmed_at, upload.outcome = clock.now(), _OUTCOME.dump_python(done, mode="json")
    session.flush()
    return done


def discard(session: Session, actor: Actor, *, upload_id: UUID) -> None:
    """Forget an upload that is not wanted; one that is forgotten already stays so."""
    session.execute(_DISCARD, {"upload": upload_id, "me": actor.member_id})


def outcome_of(upload: WishUpload) -> Outcome | None:
    """What confirming the upload did, or ``None`` while it waits."""
    return None if upload.outcome is None else _OUTCOME.validate_python(upload.outcome)


def forget_old(session: Session, now: datetime) -> int:
    """Forget uploads older than ``KEPT_FOR``, whoever they belong to; gives how many."""
    return cast(CursorResult[Any], session.execute(_FORGET_OLD, {"before": now - KEPT_FOR})).rowcount


def _enter(session: Session, actor: Actor, community_id: UUID, entry: Entry) -> None:
    text = WishText(
        title=entry.title, need=entry.need, category=entry.category, yuan=entry.yuan, wanted_by=entry.wanted_by
    )
    wish = put_down(
        session, id=new_id(), community_id=community_id, text=text, origin=Origin.IMPORT, by_id=actor.member_id
    )
    contacts.keep(session, wish_id=wish.id, contact=entry.contact, by_id=actor.member_id)
    contacts.record_consents(session, wish_id=wish.id, kinds=entry.agreed, by_id=actor.member_id)


def _seal(upload: WishUpload, reading: Reading) -> None:
    upload.sealed, upload.key_id = sealer().seal(_READING.dump_json(reading).decode(), belongs_to=upload.id)

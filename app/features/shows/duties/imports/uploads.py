"""An uploaded list on its way: kept, looked at, confirmed once, forgotten after a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from pydantic import TypeAdapter
from sqlalchemy import Row as SqlRow
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.tables import Cell, Header, Row, one_line
from app.features.ledger.periods import open_from
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.shows.duties import assigning, queries
from app.features.shows.duties.assigning import NewDuty
from app.features.shows.duties.imports.columns import Column
from app.features.shows.duties.imports.planning import Candidate, Known, PlannedRow, Verdict, plan
from app.features.shows.duties.imports.reading import Problem, list_rows
from app.features.shows.duties.models import FILE_NAME_LENGTH, DutyUpload
from app.features.shows.duties.rules import DutySource

KEPT_FOR: Final = timedelta(days=1)
"""How long an upload may wait for its confirmation, and its bad rows to be fetched."""
_HEADER: Final = TypeAdapter(Header[Column])
_CELLS: Final = TypeAdapter(list[Row])
_MINE: Final = select(DutyUpload).where(
    DutyUpload.id == bindparam("upload"),
    DutyUpload.uploaded_by_id == bindparam("me"),
    DutyUpload.branch_id == bindparam("branch"),
)
_HELD: Final = _MINE.with_for_update().execution_options(populate_existing=True)
_WAITING: Final = (
    select(DutyUpload.id, DutyUpload.file_name, DutyUpload.uploaded_at)
    .where(
        DutyUpload.uploaded_by_id == bindparam("me"),
        DutyUpload.branch_id == bindparam("branch"),
        DutyUpload.confirmed_at.is_(None),
        DutyUpload.uploaded_at >= bindparam("since"),
    )
    .order_by(DutyUpload.uploaded_at.desc())
)
_DISCARD: Final = delete(DutyUpload).where(
    DutyUpload.id == bindparam("upload"), DutyUpload.uploaded_by_id == bindparam("me")
)
_FORGET_OLD: Final = delete(DutyUpload).where(DutyUpload.uploaded_at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row that was not taken in, as it was, with the reason."""

    number: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What confirming did."""

    new: int
    """Duties; a row that names several people is several."""
    same: int
    returned: tuple[ReturnedRow, ...] = ()


_OUTCOME: Final = TypeAdapter(Outcome)


def keep_upload(
    session: Session, actor: Actor, *, file_name: str, header: Header[Column], rows: Sequence[Row]
) -> DutyUpload:
    """Keep the rows of a file until they are confirmed. What is old is forgotten."""
    forget_old(session, clock.now())
    upload = DutyUpload(
        id=new_id(),
        branch_id=actor.branch_id,
        uploaded_by_id=actor.member_id,
        file_name=one_line(file_name)[-FILE_NAME_LENGTH:],
        header=_HEADER.dump_python(header, mode="json"),
        rows=_CELLS.dump_python(list(rows), mode="json"),
    )
    session.add(upload)
    session.flush()
    return upload


def waiting(session: Session, actor: Actor) -> Sequence[SqlRow[UUID, str, datetime]]:
    """The actor's uploads that are not confirmed yet, the newest first: rows ``id, file_name, uploaded_at``."""
    return session.execute(_WAITING, {**_of(actor), "since": clock.now() - KEPT_FOR}).all()


def upload_of(session: Session, actor: Actor, upload_id: UUID) -> DutyUpload:
    """The actor's own upload.

    Raises:
        NotFoundError: there is none of that id, it is somebody else's, or it was forgotten.
    """
    return _found(session.scalars(_MINE, {"upload": upload_id, **_of(actor)}).one_or_none())


def plan_of(session: Session, upload: DutyUpload) -> list[PlannedRow]:
    """What confirming the upload would do now."""
    today = clock.today()
    earliest = open_from(today)
    rows = list_rows(_CELLS.validate_python(upload.rows), header_of(upload), today=today, earliest=earliest)
    people = [
        Candidate(person.id, person.name, person.phone, person.member_number)
        for person in members.branch_members(session, upload.branch_id)
    ]
    known = [
        Known(row.holder_id, row.matter, row.due_on)
        for row in queries.same_matters(session, upload.branch_id, since=earliest)
    ]
    return plan(rows, people, known)


def confirm(session: Session, actor: Actor, *, upload_id: UUID) -> Outcome:
    """Put the good rows on the list. Confirming once more changes nothing and gives the same outcome.

    Raises:
        NotFoundError: as for ``upload_of``.
    """
    upload = _found(session.scalars(_HELD, {"upload": upload_id, **_of(actor)}).one_or_none())
    if done := outcome_of(upload):
        return done
    planned = plan_of(session, upload)
    duties = [duty for row in planned if row.verdict is Verdict.NEW for duty in _duties(upload, row)]
    done = Outcome(
        new=assigning.make_duties(session, duties),
        same=sum(row.verdict is Verdict.SAME for row in planned),
        returned=_returned(planned),
    )
    upload.confirmed_at, upload.outcome = clock.now(), _OUTCOME.dump_python(done, mode="json")
    upload.rows = []
    session.flush()
    return done


def discard(session: Session, actor: Actor, *, upload_id: UUID) -> None:
    """Forget an upload that is not wanted; one that is forgotten already stays so."""
    session.execute(_DISCARD, {"upload": upload_id, "me": actor.member_id})


def outcome_of(upload: DutyUpload) -> Outcome | None:
    """What confirming the upload did, or ``None`` while it waits."""
    return None if upload.outcome is None else _OUTCOME.validate_python(upload.outcome)


def header_of(upload: DutyUpload) -> Header[Column]:
    """The file's row of headings and what was understood of it."""
    return _HEADER.validate_python(upload.header)


def returned_rows(session: Session, upload: DutyUpload) -> tuple[ReturnedRow, ...]:
    """The rows with problems: as they were confirmed, or as they stand before."""
    done = outcome_of(upload)
    return done.returned if done else _returned(plan_of(session, upload))


def forget_old(session: Session, now: datetime) -> int:
    """Forget uploads older than ``KEPT_FOR``, whoever they belong to; how many."""
    found: int = session.execute(_FORGET_OLD, {"before": now - KEPT_FOR}).rowcount  # type: ignore[attr-defined]
    return found


def _duties(upload: DutyUpload, planned: PlannedRow) -> list[NewDuty]:
    row = planned.row
    if row.due_on is None:
        return []
    return [
        NewDuty(
            id=uuid5(upload.id, f"{row.number} {holder.id}"),
            branch_id=upload.branch_id,
            member_id=holder.id,
            kind=row.kind,
            matter=row.matter,
            basis=row.basis or None,
            due_on=row.due_on,
            source=DutySource.IMPORTED,
            repeat=row.repeat,
            helper_ids=tuple(helper.id for helper in planned.helpers),
            made_by_id=upload.uploaded_by_id,
        )
        for holder in planned.holders
    ]


def _returned(planned: Sequence[PlannedRow]) -> tuple[ReturnedRow, ...]:
    return tuple(
        ReturnedRow(one.row.number, one.row.cells, one.problems) for one in planned if one.verdict is Verdict.PROBLEM
    )


def _of(actor: Actor) -> dict[str, UUID]:
    return {"me": actor.member_id, "branch": actor.branch_id}


def _found(upload: DutyUpload | None) -> DutyUpload:
    if upload is None:
        raise NotFoundError
    return upload

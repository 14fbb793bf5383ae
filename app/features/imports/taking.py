"""A long list is taken in part by part, each a unit of work of its own: what is in is in, and the rest goes on.

What the whole plan says of each row is written down first, and rows that hang together are put into one part. Then each
part is planned anew, and of its rows those are written of which that plan says the same. Another one, because rows of a
later part count for it (somebody gives a post up there), waits for the end; where it still means something else than
was shown, it comes back (decision 0051). Without the rows that wait others can mean something else, so those that are
left are planned again until each means what was shown.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from math import ceil
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.routing import Units
from app.features.imports import service
from app.features.imports.kept import RETURNED, rows_of
from app.features.imports.lists import AnyList, Planning
from app.features.imports.models import Upload, UploadPart
from app.features.imports.rows import Planned, Problem, ReadRow, ReturnedRow
from app.features.members.actor import Actor

_TAKING: Final = "taking"
"""In ``Upload.choices``: the part that is next, and what came of those before it."""
_NUMBERS: Final = ("new", "changed", "same", "skipped")
_PART: Final = select(UploadPart).where(
    UploadPart.upload_id == bindparam("upload"), UploadPart.position == bindparam("position")
)
_PARTS: Final = select(func.max(UploadPart.position)).where(UploadPart.upload_id == bindparam("upload"))


def is_begun(upload: Upload) -> bool:
    """Whether it was confirmed part by part and is not through: some of its rows may be in, and the rest goes on."""
    return _TAKING in upload.choices and upload.confirmed_at is None


def rows_taken(upload: Upload) -> int:
    """How many rows were looked at, of ``row_count``."""
    taken: int = min(upload.row_count, upload.choices[_TAKING]["next"] * service.ROWS_IN_A_PART)
    return taken


def confirm(units: Units, actor: Actor, kind: AnyList, *, upload_id: UUID, watched: bool) -> None:
    """Take a list in: a short one at once, a long one as far as its first part, or whole where nobody watches.

    Raises:
        NotFoundError: as for ``service.upload_of``.
        AppError: what the list itself refuses; what is in stays.
    """
    with units.read() as session:
        upload = service.upload_of(session, actor, kind, upload_id)
        is_new = upload.confirmed_at is None and not is_begun(upload)
    if not (kind.decided and upload.row_count > service.ROWS_IN_A_PART):
        with units.write() as session:
            service.confirm(session, actor, kind, upload_id=upload_id)
        return
    if is_new:
        _read_all(units, actor, kind, upload_id)
        with units.read() as session:  # it takes seconds, and holds nobody up
            plan = service.plan(session, actor, kind, service.upload_of(session, actor, kind, upload_id))
        with units.write() as session:
            _begin(session, actor, kind, upload_id, plan)
    go_on(units, actor, kind, upload_id=upload_id, watched=watched)


def _read_all(units: Units, actor: Actor, kind: AnyList, upload_id: UUID) -> None:
    is_read = False
    while not is_read:
        with units.write() as session:
            upload = service.upload_of(session, actor, kind, upload_id, hold=True)
            service.read_next(session, kind, upload)
            is_read = service.rows_read(session, upload) == upload.row_count


def go_on(units: Units, actor: Actor, kind: AnyList, *, upload_id: UUID, watched: bool) -> None:
    """Take in the next part, or all that are left where nobody watches the bar; what is in already stays so."""
    while True:
        with units.write() as session:
            upload = service.upload_of(session, actor, kind, upload_id, hold=True)
            if not is_begun(upload):
                return
            _take_next(session, actor, kind, upload)
        if watched:
            return


def discard(session: Session, actor: Actor, kind: AnyList, *, upload_id: UUID) -> bool:
    """Forget an upload that is not wanted, unless some of its rows may be in already; gives whether it is."""
    with suppress(NotFoundError):  # forgotten already
        upload = service.upload_of(session, actor, kind, upload_id, hold=True)
        if is_begun(upload) and rows_taken(upload):
            return False
    service.discard(session, actor, kind, upload_id=upload_id)
    return True


def _begin(session: Session, actor: Actor, kind: AnyList, upload_id: UUID, plan: Planning[Any]) -> None:
    """Write down what the whole plan says; twice is once."""
    upload = service.upload_of(session, actor, kind, upload_id, hold=True)
    if is_begun(upload) or upload.confirmed_at is not None:
        return
    adapter = rows_of(kind)
    for position, found in enumerate(_together(kind, plan.rows, _behind(upload))):
        part = session.scalars(_PART, {"upload": upload.id, "position": position}).one()
        part.rows = adapter.dump_python([_with_problems(one) for one in found], mode="json")
        part.cells = [_word(kind, one) for one in found]
        session.flush()
        session.expunge(part)  # a list of 20,000 takes no more than one of 500
    upload.uploaded_at = clock.now()
    upload.choices = {**upload.choices, _TAKING: {"next": 0, **dict.fromkeys(_NUMBERS, 0), "returned": 0}}
    session.flush()


def _together(kind: AnyList, rows: Sequence[Planned], parts: int) -> Sequence[Sequence[Planned]]:
    """The rows of each part in the order of the file, but those that hang together stand in the part of the first."""
    groups: dict[Any, list[int]] = {}
    for place, planned in enumerate(rows):
        what = kind.together(planned.row.entry) if kind.together else None
        groups.setdefault(what or place, []).append(place)
    places: list[list[int]] = [[] for _part in range(parts)]
    before = 0
    for group in groups.values():
        places[before // service.ROWS_IN_A_PART] += group
        before += len(group)
    return [[rows[place] for place in sorted(of_part)] for of_part in places]


def _with_problems(planned: Planned) -> ReadRow[Any]:
    row = planned.row
    return ReadRow(row.number, row.cells, row.entry, planned.problems, row.notes, row.table)


def _word(kind: AnyList, planned: Planned) -> str:
    said = kind.decided(planned) if kind.decided else ""
    return blake2b(said.encode(), digest_size=8).hexdigest()


def _take_next(session: Session, actor: Actor, kind: AnyList, upload: Upload) -> None:
    taking = dict(upload.choices[_TAKING])
    asked = {"upload": upload.id, "position": taking["next"]}
    last = session.scalar(_PARTS, asked) or 0
    part = session.scalars(_PART, asked).one()
    rows: list[ReadRow[Any]] = rows_of(kind).validate_python(part.rows)
    good = _as_shown(session, actor, kind, upload, zip(rows, part.cells, strict=True))
    done = kind.take_in(session, actor, upload, good)
    kept = {row.place for row in good}
    other = [(row, word) for row, word in zip(rows, part.cells, strict=True) if row.place not in kept]
    if taking["next"] < _behind(upload):
        last = max(last, _let_wait(session, kind, upload, other))
    else:
        done = replace(done, returned=(*done.returned, *(_come_back(row) for row, _word in other)))
    part.cells, part.rows = RETURNED.dump_python(list(done.returned), mode="json"), []
    for name in _NUMBERS:
        taking[name] += getattr(done, name)
    taking["returned"] += len(done.returned)
    taking["next"] += 1
    upload.choices = {**upload.choices, _TAKING: taking}
    upload.uploaded_at = clock.now()  # it is forgotten a day after somebody was at it last
    if taking["next"] > last:
        upload.confirmed_at = clock.now()
        numbers = ("new", "changed", "same", "returned", *(("skipped",) if kind.skips else ()))
        upload.outcome = {name: taking[name] for name in numbers}
    session.flush()


def _as_shown(
    session: Session, actor: Actor, kind: AnyList, upload: Upload, rows: Iterable[tuple[ReadRow[Any], str]]
) -> list[ReadRow[Any]]:
    """Those of the rows that, planned by themselves, mean what was shown of each."""
    said = list(rows)
    while True:
        plan = kind.plan(session, actor, upload, [row for row, _shown in said])
        words = {one.row.place: _word(kind, one) for one in plan.rows}
        fitting = [(row, word) for row, word in said if words.get(row.place) == word]
        if len(fitting) == len(said):
            return [row for row, _shown in said]
        said = fitting


def _behind(upload: Upload) -> int:
    """The position behind the parts of the file."""
    return ceil(upload.row_count / service.ROWS_IN_A_PART)


def _come_back(row: ReadRow[Any]) -> ReturnedRow:
    return ReturnedRow(row.number, row.cells, (Problem("planned_otherwise"),), row.table)


def _let_wait(session: Session, kind: AnyList, upload: Upload, rows: Sequence[tuple[ReadRow[Any], str]]) -> int:
    """Keep rows and what was shown of them for the end, behind all others; gives that position, 0 where none waits."""
    if not rows:
        return 0
    position = _behind(upload)
    part = session.get(UploadPart, (upload.id, position))
    if part is None:
        part = UploadPart(upload_id=upload.id, position=position, cells=[], rows=[])
        session.add(part)
    part.rows = [*(part.rows or []), *rows_of(kind).dump_python([row for row, _word in rows], mode="json")]
    part.cells = [*part.cells, *(word for _row, word in rows)]
    session.flush()
    return position

"""Rows that are written once, whoever sends them again, and rows that are not there for everybody."""

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, MetaData, String, Table, Uuid, bindparam, select

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.core.rows import check_same, one, one_row, put_once
from app.features.members.models import Organisation

NOTES = Table(
    "notes", MetaData(), Column("id", Uuid, primary_key=True), Column("said", String(40)), Column("by", String(40))
)
PLACE = select(Organisation).where(Organisation.id == bindparam("place", type_=Uuid()))


@pytest.fixture
def notes(database):
    with database.write() as session:
        NOTES.create(session.connection())
    return database


def note(said="one", by="alice", note_id: UUID | None = None):
    return {"id": note_id or new_id(), "said": said, "by": by}


def test_new_rows_are_named_and_known_ones_are_not(notes):
    first, second = note(), note("two")
    with notes.write() as session:
        assert put_once(session, NOTES, [first], said=("said",)) == {first["id"]}
        assert put_once(session, NOTES, [second, first], said=("said",)) == {second["id"]}
        assert put_once(session, NOTES, []) == set()


def test_one_id_with_other_content_is_a_conflict_and_other_columns_are_not_content(notes):
    first = note()
    with notes.write() as session:
        put_once(session, NOTES, [first])
        assert put_once(session, NOTES, [first | {"by": "bob"}], said=("said",)) == set()
        with pytest.raises(ContentDiffersError):
            put_once(session, NOTES, [first | {"said": "other"}], said=("said",))


def test_a_row_that_is_not_there_is_not_the_same(notes):
    with notes.write() as session, pytest.raises(ContentDiffersError):
        check_same(session, NOTES, [note()], said=("said",))


@pytest.mark.race
def test_batches_that_share_rows_in_any_order_write_each_once(notes):
    rows = [note(str(number)) for number in range(30)]
    start, fresh = threading.Barrier(4), []

    def send(turned: bool) -> None:
        start.wait()
        with notes.write() as session:
            fresh.append(put_once(session, NOTES, rows[::-1] if turned else rows, said=("said",)))

    threads = [threading.Thread(target=send, args=(bool(number % 2),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(ids) for ids in fresh) == [0, 0, 0, 30]


def test_what_nobody_may_know_of_is_not_there(database, branch):
    with database.read() as session:
        assert one(session, PLACE, {"place": branch.id}).name == one_row(session, PLACE, {"place": branch.id})[0].name
        for found in (one, one_row):
            with pytest.raises(NotFoundError):
                found(session, PLACE, {"place": uuid4()})

"""A session asks for columns without the ORM, and what comes is what the ORM gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Select, event, func, select, update
from sqlalchemy.orm import Session, aliased

from app.core.db import Database
from app.features.members.models import Organisation
from app.features.members.rules import OrganisationKind

_Other = aliased(Organisation)
COLUMNS: dict[str, Select[*tuple[Any, ...]]] = {
    "of one table": select(Organisation.id, Organisation.kind, Organisation.name).order_by(Organisation.id),
    "of a table under two names": select(Organisation.name, _Other.name.label("parent"))
    .outerjoin(_Other, _Other.id == Organisation.parent_id)
    .order_by(Organisation.id),
    "computed": select(func.count().label("number"), func.max(Organisation.name).label("last")),
    "of the table itself": select(Organisation.__table__).order_by(Organisation.__table__.c.id),
}
NAMELESS: Select[*tuple[Any, ...]] = select(func.max(Organisation.name), func.count())
OBJECTS: dict[str, Select[*tuple[Any, ...]]] = {
    "alone": select(Organisation).order_by(Organisation.id),
    "beside a column": select(Organisation.name, Organisation).order_by(Organisation.id),
    "under another name": select(_Other).order_by(_Other.id),
}


@contextmanager
def noted(session: Session) -> Iterator[list[str]]:
    """What went through the ORM."""
    through: list[str] = []

    def note(_state: Any) -> None:
        through.append("once")

    event.listen(session, "do_orm_execute", note)
    yield through
    event.remove(session, "do_orm_execute", note)


@pytest.mark.parametrize("columns", COLUMNS)
def test_columns_come_as_the_orm_gives_them_and_without_it(database: Database, columns: str) -> None:
    statement = COLUMNS[columns]
    with database.reader.connect() as connection, Session(connection) as usual:
        rows = usual.execute(statement).all()
        first_of_each, first = usual.scalars(statement).all(), usual.scalar(statement)
    with database.read() as session, noted(session) as through:
        assert session.execute(statement).all() == rows
        assert [row._fields for row in session.execute(statement)] == [row._fields for row in rows]
        assert session.scalars(statement).all() == first_of_each
        assert session.scalar(statement) == first
    assert rows
    assert not through


def test_a_computed_column_without_a_name_keeps_the_orms(database: Database) -> None:
    with database.read() as session, noted(session) as through:
        row = session.execute(NAMELESS).one()
        assert row._fields == ("max", "count")
        assert through
        del through[:]
        assert session.scalar(NAMELESS) == row.max
        assert not through


@pytest.mark.parametrize("objects", OBJECTS)
def test_objects_are_those_the_session_knows(database: Database, objects: str) -> None:
    with database.read() as session, noted(session) as through:
        found = [one for row in session.execute(OBJECTS[objects]) for one in row if isinstance(one, Organisation)]
        assert "第一党支部" in {one.name for one in found}
        assert all(session.get(Organisation, one.id) is one for one in found)
    assert through


def test_columns_are_read_in_the_unit_that_writes_them(database: Database) -> None:
    names = select(Organisation.name).where(Organisation.kind == OrganisationKind.COMMITTEE)
    with database.write() as session:
        before = session.scalars(names).all()
        session.execute(
            update(Organisation).where(Organisation.kind == OrganisationKind.COMMITTEE).values(name="机关工委")
        )
        assert session.scalars(names).all() == ["机关工委"]
        session.rollback()
        assert session.scalars(names).all() == before != ["机关工委"]

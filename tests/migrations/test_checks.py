"""More words for a column, and fewer again; rows and what refers to the table stay as they are."""

import re
from contextlib import contextmanager

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.features.ledger.rules import FactType
from app.features.members.models import Organisation
from app.features.members.rules import OrganisationKind
from migrations.checks import forbid_facts, permit, permit_facts

CONSTRAINT = ("organisations", "kind", "ck_organisations_organisationkind")
BEFORE = ("committee", "general_branch", "branch", "group")


@contextmanager
def migrating(database):
    with database.writer.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        yield connection


def found(database, parent):
    place = Organisation(kind=OrganisationKind.COMMUNITY, name="荔园社区", pinyin="li4", parent_id=parent.id)
    with database.write() as session:
        session.add(place)


def test_the_words_are_what_was_said(database, committee):
    shape = inspect(database.reader).get_foreign_keys("role_terms")
    with migrating(database):
        permit(*CONSTRAINT, BEFORE)
    with pytest.raises(DBAPIError, match="organisationkind"):
        found(database, committee)
    with migrating(database):
        permit(*CONSTRAINT, (*BEFORE, "community"))
    found(database, committee)
    assert inspect(database.reader).get_foreign_keys("role_terms") == shape
    with database.read() as session:
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_a_word_in_use_stays(database, committee):
    found(database, committee)
    with pytest.raises((ValueError, DBAPIError)), migrating(database):
        permit(*CONSTRAINT, BEFORE)
    found_again = inspect(database.reader).get_check_constraints("organisations")
    assert any("community" in rule["sqltext"] for rule in found_again)


def test_there_has_to_be_such_a_rule(database):
    with pytest.raises((LookupError, DBAPIError)), migrating(database):
        permit("organisations", "kind", "ck_organisations_imagined", BEFORE)


def test_a_fact_is_permitted_where_facts_stand_and_where_they_are_added_up(database):
    before = permitted(database)
    with migrating(database):
        permit_facts("study.book_talk")
    assert permitted(database) == {table: words | {"study.book_talk"} for table, words in before.items()}
    with migrating(database):
        forbid_facts("study.book_talk")
    assert permitted(database) == before
    assert before["facts"] == before["totals"] == set(FactType)


def permitted(database):
    """The words that the two tables of the ledger permit as a type of fact."""
    rules = {
        table: {rule["name"]: rule["sqltext"] for rule in inspect(database.reader).get_check_constraints(table)}
        for table in ("facts", "totals")
    }
    return {table: set(re.findall(r"'([^']*)'", said[f"ck_{table}_facttype"])) for table, said in rules.items()}

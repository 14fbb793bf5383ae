"""The databases of the tests are real, separate and furnished."""

from sqlalchemy import func, select

from app.features.members.models import Member
from tests.makers import make_member


def test_each_test_gets_its_own_copy(database, engines, engine_kind, alice):
    assert database.url.get_backend_name().startswith(engine_kind)
    with database.write() as session:
        session.get_one(Member, alice.id).name = "改过的名字"
    with database.read() as session:
        assert session.get_one(Member, alice.id).name == "改过的名字"


def test_the_next_test_sees_nothing_of_it(database, alice):
    with database.read() as session:
        assert session.get_one(Member, alice.id).name == alice.name


def test_an_empty_database_has_tables_and_no_rows(empty_database):
    with empty_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 0


def test_given_commits(database, given, branch):
    person = given(make_member, branch, "王小明")
    with database.read() as session:
        assert session.get_one(Member, person.id).phone == person.phone


def test_statements_are_listed(database, statements, alice):
    with database.read() as session:
        session.get_one(Member, alice.id)
    assert [sql for sql in statements if "FROM members" in sql]

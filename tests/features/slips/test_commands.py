"""``sanliang init`` and ``sanliang slip`` as somebody types them on the server."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli import commands as sanliang
from app.core import opening, schema
from app.core.settings import Settings
from app.features.members.models import AuditEntry, Member, Organisation, RoleTerm
from app.features.members.rules import OrganisationKind, Role
from app.features.slips import commands
from app.features.slips.models import Slip
from app.features.slips.service import Founder, found
from tests.features.slips.test_activation import activate
from tests.page import page
from tests.races import race

pytestmark = pytest.mark.usefixtures("english")
CODE = re.compile(r"/activate#([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})")
INIT = ("init", "--committee", "市直机关党委", "--branch", "办公室党支部", "--name", "关立", "--phone", "138 0000 9012")
SYSTEM = ("--system-name", "席彤", "--system-phone", "13800009011")


@pytest.fixture
def run(request, monkeypatch):
    database = request.getfixturevalue("empty_database" if "empty_database" in request.fixturenames else "database")
    address = database.url.render_as_string(hide_password=False)
    for module in (commands, opening):
        monkeypatch.setattr(module, "settings", lambda: Settings(database_url=address, public_url="https://s.example/"))
    return lambda *words, typed="": CliRunner().invoke(sanliang, words, input=typed)


def posts(session):
    terms = session.query(RoleTerm.role, Member.name).join(Member, Member.id == RoleTerm.member_id)
    return dict(terms.all())


def test_two_administrators_in_an_empty_house(empty_database, run):
    done = run(*INIT, *SYSTEM)
    assert done.exit_code == 0, done.output
    assert len(CODE.findall(done.stdout)) == 2
    assert "https://s.example/activate#" in done.stdout
    with empty_database.read() as session:
        kinds = dict(session.query(Organisation.name, Organisation.kind).all())
        assert kinds == {"市直机关党委": OrganisationKind.COMMITTEE, "办公室党支部": OrganisationKind.BRANCH}
        assert posts(session) == {Role.BUSINESS_ADMINISTRATOR: "关立", Role.SYSTEM_ADMINISTRATOR: "席彤"}
        assert session.query(AuditEntry).where(AuditEntry.actor_id.is_not(None)).count() == 0
        assert session.query(AuditEntry).count() == 8


def test_who_is_missing_is_said_and_how_the_post_is_given(empty_database, run):
    done = run(*INIT, *SYSTEM)
    assert "nobody yet" in done.stdout
    assert "sanliang post PHONE audit_administrator" in done.stdout
    assert "system_administrator" not in done.stdout


def test_three_people_at_once(empty_database, run):
    done = run(*INIT, *SYSTEM, "--audit-name", "沈际", typed="13800009013\n")
    assert done.exit_code == 0, done.output
    assert "nobody yet" not in done.stdout
    with empty_database.read() as session:
        assert posts(session)[Role.AUDIT_ADMINISTRATOR] == "沈际"


def test_what_is_not_given_is_asked_for(empty_database, run):
    done = run("init", typed="市直机关党委\n办公室党支部\n关立\n13800009012\n")
    assert done.exit_code == 0, done.output
    with empty_database.read() as session:
        assert posts(session) == {Role.BUSINESS_ADMINISTRATOR: "关立"}


def test_the_code_opens_the_first_account(empty_database, run, application):
    code = CODE.search(run(*INIT).stdout)[1]
    own, application.state.database = application.state.database, empty_database
    try:
        client = TestClient(application, follow_redirects=False)
        assert activate(client, code).status_code == 303
        assert client.get("/").headers["location"] == "/sign-in/second"  # an administrator, and so with two steps
        assert page(client.get("/me/factors")).select_one("a[href='/me/factors/app']")
    finally:
        application.state.database = own


def test_a_house_that_is_founded_is_not_founded_again(database, run):
    done = run(*INIT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "sanliang slip" in done.stderr
    with database.read() as session:
        assert session.query(Member).where(Member.name == "关立").count() == 0


@pytest.mark.parametrize(
    ("words", "code"), [((*SYSTEM[:3], "13800009012"), 1), ((*SYSTEM[:3], "12345"), 2)], ids=["same", "no number"]
)
def test_each_administrator_has_a_phone_of_their_own(empty_database, run, words, code):
    done = run(*INIT, *words)
    assert (done.exit_code, bool(done.stderr.strip())) == (code, True)
    with empty_database.read() as session:
        assert session.query(Organisation).count() == 0


@pytest.mark.race
def test_of_several_foundings_at_once_one_succeeds(empty_database):
    def once(number):
        founder = Founder("关立", f"1380000901{number}", Role.BUSINESS_ADMINISTRATOR)
        with empty_database.write() as session:
            return list(found(session, committee="市直机关党委", branch="办公室党支部", founders=[founder]))

    outcomes = race(6, once)
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert {getattr(outcome, "code", "") for outcome in outcomes} == {"", "founded_already"}


@pytest.mark.parametrize("of", ["phone", "member_number"])
def test_a_slip_for_anybody_by_number(database, run, alice, of):
    with database.read() as session:
        number = getattr(session.get_one(Member, alice.id), of)
    done = run("slip", number)
    assert done.exit_code == 0, done.output
    assert len(CODE.findall(done.stdout)) == 1
    with database.read() as session:
        slip = session.query(Slip).one()
        assert (slip.member_id, slip.issued_by_id) == (alice.id, None)


@pytest.mark.parametrize("words", [("slip",), ("post", "secretary")], ids=" ".join)
def test_a_slip_during_an_update_changes_no_schema_under_the_old_server(database, run, alice, words):
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0058'"))
    done = run(words[0], alice.phone, *words[1:])
    assert done.exit_code == 1
    assert done.stderr.endswith("First run: sanliang migrate\n")
    assert schema.revision(database) == "0058"
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": schema.newest()[0]})


def test_no_slip_for_nobody(database, run):
    done = run("slip", "13911112222")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.strip()


def test_a_post_that_nobody_in_the_house_may_give(database, run, sam, alice):
    done = run("post", alice.phone, "audit_administrator")
    assert done.exit_code == 0, done.output
    assert alice.name in done.stdout
    with database.read() as session:
        [term] = session.query(RoleTerm).where(RoleTerm.member_id == alice.id)
        assert (term.role, term.ends_on) == (Role.AUDIT_ADMINISTRATOR, None)
        noted = session.query(AuditEntry).where(AuditEntry.subject_id == alice.id).one()
        assert (noted.action, noted.actor_id) == ("post_given", None)
    assert run("post", alice.phone, "audit_administrator", "--end").exit_code == 0
    with database.read() as session:
        assert session.query(RoleTerm).where(RoleTerm.member_id == alice.id).one().ended_at is not None
    assert run("post", alice.phone, "secretary").exit_code == 1
    assert run("post", "13700000000", "secretary").exit_code == 1

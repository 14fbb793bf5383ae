"""``roster import`` and ``roster export`` as somebody types them on the server."""

import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.core import exports, opening
from app.core.settings import Settings
from app.features.members.models import AuditEntry, Organisation
from app.features.members.rules import AuditAction, OrganisationKind
from app.features.roster import commands
from tests.features.roster.makers import ROSTER, ROSTER_BRANCHES, roster_file
from tests.makers import make_branch, make_committee

pytestmark = pytest.mark.usefixtures("english")
SIX = {
    74: "phone_taken",
    75: "unknown_branch",
    76: "missing_name",
    77: "bad_date",
    78: "bad_phone",
    79: "duplicate_row",
}


@pytest.fixture
def run(empty_database, monkeypatch):
    """Runs the command on an installation without a single organisation."""
    address = empty_database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    yield lambda *words: CliRunner().invoke(commands.roster_app, [str(word) for word in words])
    exports.use(None, b"")


@pytest.fixture
def imported(run):
    """The same for ``import … --json``; gives the parsed answer with the problems as row → code."""

    def import_file(*words):
        done = run("import", *words, "--json")
        assert done.exit_code == 0, done.output
        answer = json.loads(done.stdout)
        assert all(problem["message"].endswith((".", "?")) for problem in answer["problems"])
        return answer | {"problems": {problem["row"]: problem["code"] for problem in answer["problems"]}}

    return import_file


def organisations(database):
    with database.read() as session:
        return {
            (place.kind, place.name)
            for place in session.scalars(select(Organisation).where(Organisation.kind != OrganisationKind.GROUP))
        }


def test_the_real_roster_into_three_branches_twice(imported, empty_database):
    with empty_database.write() as session:
        committee = make_committee(session)
        for name in ROSTER_BRANCHES:
            make_branch(session, name, parent=committee)

    assert imported(ROSTER) == {"new": 70, "changed": 0, "same": 0, "problems": SIX}
    assert imported(ROSTER) == {"new": 0, "changed": 0, "same": 70, "problems": SIX}


def test_into_an_empty_installation_a_committee_is_made_with_the_branches(imported, empty_database):
    five = {row: code for row, code in SIX.items() if row != 75}

    assert imported(ROSTER, "--create-branches") == {"new": 71, "changed": 0, "same": 0, "problems": five}
    assert organisations(empty_database) == {
        (OrganisationKind.COMMITTEE, "机关党委"),
        *((OrganisationKind.BRANCH, name) for name in (*ROSTER_BRANCHES, "火星探测党支部")),
    }
    assert imported(ROSTER, "--create-branches") == {"new": 0, "changed": 0, "same": 71, "problems": five}


def test_a_rehearsal_writes_nothing(imported, empty_database, run):
    assert imported(ROSTER, "--create-branches", "--dry-run")["new"] == 71
    assert organisations(empty_database) == set()
    assert "rehearsal" in run("import", ROSTER, "--dry-run").stdout


def test_in_words(run):
    done = run("import", ROSTER, "--create-branches")

    assert done.stdout.startswith("71 new, 0 changed, 0 unchanged, 5 with problems.\nRow 74: ")
    assert done.stdout.count("\n") == 6


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_an_export_is_imported_without_a_change(run, imported, tmp_path, name):
    imported(ROSTER, "--create-branches")
    assert "71 members" in run("export", tmp_path / name).stdout
    assert (tmp_path / name).read_bytes().startswith(exports.BOM if name.endswith(".csv") else b"PK")
    assert imported(tmp_path / name) == {"new": 0, "changed": 0, "same": 71, "problems": {}}


def test_a_command_leaves_audit_rows_without_an_actor(run, imported, empty_database, tmp_path):
    imported(ROSTER, "--create-branches")
    run("export", tmp_path / "out.xlsx")
    with empty_database.read() as session:
        taken = select(AuditEntry.subject).where(AuditEntry.action == AuditAction.EXPORTED)
        assert session.scalars(taken).all() == ["roster export out.xlsx"]
        assert set(session.scalars(select(AuditEntry.actor_id))) == {None}


def test_a_csv_of_the_office(imported, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_bytes("填报单位:市司法局\n姓名,支部,电话\n张三,一支部,138 1234 5678\n".encode("gb18030"))
    assert imported(file, "--create-branches")["new"] == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PK\x03\x04", "damaged"), (roster_file(), "nobody below"), (b"\0" * (10 * 1024**2 + 1), "larger than 10 MB")],
    ids=["broken", "nobody", "large"],
)
def test_a_file_that_cannot_be_read_ends_with_a_sentence(run, tmp_path, content, says):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(content)
    done = run("import", file)

    assert done.exit_code == 1
    assert says in done.stderr
    assert done.stdout == ""

"""``ledger verify`` as somebody types it on the server."""

import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.core.settings import Settings
from app.features.ledger import commands, service
from tests.features.ledger.makers import new_fact

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def run(database, monkeypatch):
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(commands, "settings", lambda: Settings(database_url=address))
    return lambda *words: CliRunner().invoke(commands.ledger_app, ["verify", *words])


@pytest.fixture
def history(given, alice, olga):
    return given(service.append, [new_fact(person) for person in (alice, alice, olga, alice)])


@pytest.fixture
def tampered(database, history):
    """The second row of the first branch was changed by somebody with every right."""
    trigger = "facts_no_update" if database.is_sqlite else "facts_append_only ON facts"
    with database.write() as session:
        session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text("UPDATE facts SET note = 'x' WHERE seq = 2"))
        session.execute(text("UPDATE totals SET count = count + 1, quantity = quantity + 50 WHERE count = 3"))


def test_a_clean_ledger_ends_with_0(run, history):
    done = run()
    assert (done.exit_code, done.stdout) == (0, "Branches: 2, rows: 4.\nAll is as it was written.\n")


def test_the_first_bad_row_is_named_and_the_command_ends_with_1(run, tampered, alice):
    done = run()
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "第一党支部: Row 2 was changed after it was written.",
        f"The total of study.item of member {alice.id} in March 2026 says 4 (3.5), its facts say 3 (3).",
        "Branches: 2, rows: 4.",
        "Not all is as it was written.",
    ]


@pytest.mark.parametrize("by", ["name", "id"])
def test_one_branch_alone(run, tampered, branch, other_branch, by):
    assert run("--branch", str(getattr(branch, by))).exit_code == 1
    done = run("--branch", str(getattr(other_branch, by)))
    assert (done.exit_code, done.stdout) == (0, "Branches: 1, rows: 1.\nAll is as it was written.\n")


def test_an_unknown_branch_is_said_so(run, history):
    done = run("--branch", "第九党支部")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "第九党支部" in done.stderr


def test_the_report_for_machines(run, tampered, alice, branch):
    done = run("--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "clean": False,
        "branches": 2,
        "facts": 4,
        "faults": [
            {
                "branch_id": str(branch.id),
                "branch": "第一党支部",
                "seq": 2,
                "code": "changed",
                "message": "Row 2 was changed after it was written.",
            }
        ],
        "wrong_totals": [
            {
                "member_id": str(alice.id),
                "month": "2026-03-01",
                "fact_type": "study.item",
                "grade": "",
                "matter": "",
                "count": 4,
                "quantity": 350,
                "right_count": 3,
                "right_quantity": 300,
            }
        ],
    }

"""``ledger verify`` as somebody types it on the server, today and against what it printed before."""

import json
import re

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from app.core import opening
from app.core.db import Database
from app.core.settings import Settings
from app.features.audit import commands, seals
from app.features.ledger import queries, service
from app.features.members import audit
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.reviews import service as reviews
from tests.features.audit.rewriting import rewrite_ledger, rewrite_log, without_triggers
from tests.features.ledger.makers import new_fact
from tests.features.reviews.makers import make_review

pytestmark = pytest.mark.usefixtures("english")
HEAD = re.compile(r"(\S+)  (\d+):((?:[0-9a-f]{4}-){4}[0-9a-f]{4})  ([0-9a-f]{64})")


@pytest.fixture
def run(database, monkeypatch):
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    return lambda *words: CliRunner().invoke(commands.ledger_app, ["verify", *words])


@pytest.fixture
def history(given, alice, olga, sam):
    """Three rows of the first branch, one of the second, and two entries of the log."""
    given(note, sam, alice)
    given(note, sam, olga)
    return given(service.append, [new_fact(person) for person in (alice, alice, olga, alice)])


@pytest.fixture
def tampered(database, history):
    """The second row of the first branch was changed by somebody with every right."""
    without_triggers(
        database,
        "UPDATE facts SET note = 'x' WHERE seq = 2",
        "UPDATE totals SET count = count + 1, quantity = quantity + 50 WHERE count = 3",
    )


def note(session, actor, member):
    audit.record(session, actor.id, AuditAction.MEMBER_CHANGED, audit.Subject(member.name, member.id, member.branch_id))


def heads_in(output):
    return {name: (int(seq), digest) for name, seq, short, digest in HEAD.findall(output)}


def other_lines(output):
    return [line for line in output.splitlines()[1:] if not HEAD.match(line)]


def test_a_clean_ledger_ends_with_0_and_prints_where_each_chain_ends(run, database, history, branch, other_branch):
    done = run()
    assert done.exit_code == 0
    assert other_lines(done.stdout) == ["Branches: 2, rows: 4.", "All is as it was written."]
    with database.read() as session:
        ends = queries.heads(session)
        log = seals.ends(session)[1]
    assert heads_in(done.stdout) == {
        branch.name: ends[branch.id],
        other_branch.name: ends[other_branch.id],
        "audit_entries": log,
    }
    assert log.seq == 2


def test_the_short_form_is_the_beginning_of_the_digest(run, history):
    for _name, seq, short, digest in HEAD.findall(run().stdout):
        assert digest.startswith(short.replace("-", ""))
        assert int(seq) > 0


def test_the_first_bad_row_is_named_and_the_command_ends_with_1(run, tampered, alice):
    done = run()
    assert done.exit_code == 1
    assert other_lines(done.stdout) == [
        "第一党支部: Row 2 was changed after it was written.",
        f"The total of study.item of member {alice.id} in March 2026 says 4 (3.5), its facts say 3 (3).",
        "Branches: 2, rows: 4.",
        "Not all is as it was written.",
    ]


@pytest.mark.parametrize("by", ["name", "id"])
def test_one_branch_alone(run, tampered, branch, other_branch, by):
    assert run("--branch", str(getattr(branch, by))).exit_code == 1
    done = run("--branch", str(getattr(other_branch, by)))
    assert done.exit_code == 0
    assert heads_in(done.stdout).keys() == {other_branch.name}
    assert other_lines(done.stdout) == ["Branches: 1, rows: 1.", "All is as it was written."]


def test_an_unknown_branch_is_said_so(run, history):
    done = run("--branch", "第九党支部")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "第九党支部" in done.stderr


def test_the_report_for_machines(run, database, tampered, alice, branch, other_branch):
    done = run("--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    with database.read() as session:
        ends = {**queries.heads(session), None: seals.ends(session)[1]}
    names = {branch.id: branch.name, other_branch.id: other_branch.name, None: "audit_entries"}
    assert said.pop("at")
    assert said.pop("heads") == [
        {
            "branch_id": str(place) if place else None,
            "branch": names[place],
            "seq": head.seq,
            "digest": head.digest,
            "short": head.short,
        }
        for place, head in ends.items()
    ]
    assert said == {
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
        "mismatches": [],
        "differences": [],
    }


@pytest.fixture(params=["text", "json"])
def kept(request, run, tmp_path):
    """Runs the command and keeps what it says outside, in a file that may hold earlier ones; gives the file."""
    file = tmp_path / "heads"

    def keep():
        with file.open("a") as out:
            out.write(run(*(["--json"] if request.param == "json" else [])).stdout)
        return str(file)

    return keep


def test_a_ledger_that_only_grew_stands_against_what_was_kept(run, given, history, kept, alice, sam):
    file = kept()
    given(service.append, [new_fact(alice)])
    given(note, sam, alice)
    assert run("--against", file).exit_code == 0
    assert run("--against", kept()).exit_code == 0


def test_a_whole_chain_written_anew_is_found(run, database, history, kept, branch):
    """Triggers dropped, a fact removed, the rest numbered and hashed anew, head and totals corrected."""
    file = kept()
    rewrite_ledger(database, branch.id, drop=2)
    assert run().exit_code == 0  # from inside all is well
    done = run("--against", file)
    assert done.exit_code == 1
    assert "第一党支部: The chain ends at row 2 now; it had row 3. Row 3 is the first one missing." in done.stdout


def test_of_two_heads_kept_the_difference_lies_between_them(run, given, database, history, kept, branch, alice):
    kept()
    given(service.append, [new_fact(alice), new_fact(alice)])
    file = kept()
    rewrite_ledger(database, branch.id, drop=4, add=new_fact(alice))
    assert run().exit_code == 0
    done = run("--against", file)
    assert done.exit_code == 1
    said = "第一党支部: Row 5 is not the one that stood there; the first difference lies after row 3."
    assert said in other_lines(done.stdout)


@pytest.mark.parametrize("form", ["short", "whole", "without its number"])
def test_one_head_copied_by_hand(run, database, history, branch, form):
    with database.read() as session:
        head = queries.heads(session)[branch.id]
    short = head.short.partition(":")[2]
    typed = {"short": head.short, "whole": head.digest, "without its number": short.upper()}[form]
    assert run("--against", typed).exit_code == 0
    rewrite_ledger(database, branch.id, drop=1)
    done = run("--against", typed)
    assert done.exit_code == 1
    digits = head.digest if form == "whole" else short.replace("-", "")
    assert f"Compared: No chain has or had this row: {digits}." in other_lines(done.stdout)


@pytest.mark.parametrize("typed", ["nothing.txt", "40", "1a2b-3c4d", "{}"])
def test_what_is_no_head_is_a_mistake_of_the_asker(run, history, typed):
    done = run("--against", typed)
    assert (done.exit_code, done.stdout) == (2, "")


def test_against_one_branch_the_heads_of_the_others_are_left_out(run, database, history, kept, branch, other_branch):
    file = kept()
    rewrite_ledger(database, other_branch.id, drop=1)
    assert run("--against", file, "--branch", branch.name).exit_code == 0
    assert run("--against", file, "--branch", other_branch.name).exit_code == 1


@pytest.mark.parametrize("drop", ["all", "tail"])
def test_a_log_that_was_emptied_or_cut_is_found(run, database, history, kept, drop):
    file = kept()
    rewrite_log(database, keep=0 if drop == "all" else 1)
    run()  # a head of its own again
    done = run("--against", file)
    assert done.exit_code == 1
    (line,) = [line for line in other_lines(done.stdout) if line.startswith("audit_entries")]
    assert "row 2" in line.lower()


def test_an_emptied_log_shows_by_its_own_chain(run, database, history):
    run()
    without_triggers(database, "DELETE FROM audit_entries")
    done = run()
    assert done.exit_code == 1
    assert "audit_entries: Row 1 was removed." in other_lines(done.stdout)


def test_a_decision_without_its_fact_and_a_fact_without_its_decision_are_named(run, given, database, alice, bob, sam):
    first, second = given(make_review, alice), given(make_review, bob)
    given(reviews.approve, sam.actor, [first, second])
    assert run().exit_code == 0
    without_triggers(database, "UPDATE reviews SET round = 7 WHERE member_id = :member", member=bob.id)
    done = run()
    assert done.exit_code == 1
    assert other_lines(done.stdout)[:2] == [
        f"第一党支部: Row 2 stands for record {second}, which is not approved so.",
        f"第一党支部: Record {second} is approved, but has no fact that stands.",
    ]


def test_that_it_was_verified_is_kept_in_the_log(run, database, history, branch):
    run()
    run("--branch", branch.name)
    with database.read() as session:
        rows = session.query(AuditEntry).where(AuditEntry.action == AuditAction.VERIFIED).order_by(AuditEntry.id).all()
    assert [(row.place_id, row.changes["clean"], row.changes["facts"]) for row in rows] == [
        (None, [None, "yes"], [None, "4"]),
        (branch.id, [None, "yes"], [None, "3"]),
    ]


def test_a_copy_that_may_only_be_read_is_verified_all_the_same(run, database, history, monkeypatch):
    def refuse(*_values, **_named):
        raise OperationalError("INSERT", None, Exception("attempt to write a readonly database"))

    monkeypatch.setattr(Database, "write", refuse)
    done = run()
    assert done.exit_code == 0
    assert len(done.stderr.split("\n\n")) == 2
    assert heads_in(done.stdout)["audit_entries"][0] == 0

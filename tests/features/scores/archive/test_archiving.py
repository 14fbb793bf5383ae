"""Two officers archive a sheet; from then on nothing of the present changes it, and it can be proved byte for byte."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.core import opening
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.settings import Settings
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry, Exemption, Member, Organisation
from app.features.members.rules import AuditAction, ExemptionKind, Role
from app.features.members.two_people import AboutOneselfError, Second
from app.features.scores.archive import commands, kept, papers, proof, queries, service, signing, snapshot
from app.features.scores.archive.models import ArchivedSheet
from app.features.scores.archive.rules import NothingToArchiveError, SignatureWords, State, TooLateToArchiveError, Why
from tests.features.audit.rewriting import without_triggers
from tests.features.scores.archive.makers import YEAR, archived, noon, signature_of, signed_by
from tests.features.scores.makers import make_facts
from tests.makers import make_branch, make_member
from tests.races import race


@pytest.fixture
def clara(given, branch):
    """The organisation commissioner: the third officer of the branch."""
    return given(make_member, branch, "柯兰", roles=(Role.ORGANISATION,))


def sheet_of(given, person, version=1):
    key = {"member_id": person.id, "year": YEAR, "version": version}
    return given(lambda session: session.get_one(ArchivedSheet, key))


def proved(given, person, version=1):
    key = {"member_id": person.id, "year": YEAR, "version": version}
    return given(lambda session: proof.fault_of(session, session.get_one(ArchivedSheet, key)))


def test_two_officers_archive_whoever_has_signed_but_never_themselves(clara, asked, given, sam, dora, alice, bob):
    given(signed_by, alice, sam, dora)
    with pytest.raises(NothingToArchiveError):
        given(service.decide, dora.actor, branch_id=sam.branch_id, year=YEAR, second=Second.CONFIRM)
    assert given(archived, sam, dora) == (1, 1)  # Alice; Dora's waits for somebody else, Sam's for a proposal
    states = {one.id: one.state for one in given(queries.people, sam.branch_id, YEAR)}
    assert states[dora.id] is State.PROPOSED
    assert (states[alice.id], states[sam.id], states[bob.id]) == (State.ARCHIVED, State.READY, State.WAITING)
    assert given(archived, dora, clara) == (2, 0)
    noted = given(
        lambda session: session.query(AuditEntry).where(AuditEntry.action == AuditAction.SHEET_ARCHIVED).all()
    )
    assert {entry.subject_id for entry in noted} == {alice.id, sam.id, dora.id}


def test_what_is_archived_is_the_whole_sheet(asked, given, sam, dora, alice):
    given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.RESERVED, words="五月那次会我请过假。")
    given(archived, sam, dora)
    sheet = sheet_of(given, alice)
    content = json.loads(sheet.content)
    assert snapshot.canonical(content) == sheet.content
    assert content["person"]["name"] == alice.name
    assert content["branches"] == {str(alice.branch_id): alice.branch_name}
    assert (content["standing"], content["rules"]["version"]) == ("full", "2026.1")
    assert content["signature"]["words"] == "五月那次会我请过假。"
    assert [fact["type"] for fact in content["facts"]] == ["bonus.lecture", "attendance.absent"]
    b1 = next(line for section in content["sheet"]["sections"] for line in section["lines"] if line["id"] == "B1")
    absent = next(step for step in b1["steps"] if step["facts"])
    assert (absent["points"], absent["facts"]) == (-200, [content["facts"][1]["id"]])
    assert content["heads"][str(alice.branch_id)]["seq"] == 3
    assert proved(given, alice) is None


def test_later_changes_of_the_present_alter_nothing(asked, given, sam, dora, alice, group):
    given(signed_by, alice)
    given(archived, sam, dora)
    before = sheet_of(given, alice)

    def live_on(session):
        session.execute(update(Member).where(Member.id == alice.id).values(name="艾莉莉", post="处长", group_id=None))
        session.execute(update(Organisation).where(Organisation.id == alice.branch_id).values(name="新一支部"))
        session.add(
            Exemption(member_id=alice.id, kind=ExemptionKind.ILLNESS, starts_on=date(2026, 5, 1))
        )  # entered on 1 May 2027, for the past as well (example I)

    with noon(2027, 5, 1):
        given(live_on)
        given(make_facts, alice, FactType.BONUS_LECTURE, date(2026, 12, 20), counts_in=None)
        shown = given(kept.kept, alice.actor, alice.id, YEAR)
        assert (shown.name, shown.branch_name, shown.sheet.standing) == (alice.name, alice.branch_name, "full")
        assert shown.sheet.total is not None
        assert (sheet_of(given, alice).sha256, proved(given, alice)) == (before.sha256, None)
        late = given(lambda session: session.query(Fact).order_by(Fact.posted_at.desc()).first())
        assert (late.occurred_on, late.counts_in) == (date(2026, 12, 20), date(2027, 5, 1))


def test_after_31_march_nothing_is_archived_but_until_then_without_a_signature_as_well(
    asked, given, sam, dora, alice, bob
):
    with noon(2027, 3, 31):
        given(signing.note_unsigned, sam.actor, signature_id=given(signature_of, bob).id, why=Why.UNWILLING)
        assert given(archived, sam, dora) == (1, 0)
    given(signed_by, alice)
    with noon(2027, 4, 1), pytest.raises(TooLateToArchiveError):
        given(service.propose, sam.actor, year=YEAR)


def test_in_a_small_branch_somebody_from_above_is_the_other_officer(asked, given, sam, dora, carl, oscar):
    given(signed_by, dora)
    given(service.propose, sam.actor, year=YEAR)
    where = {"branch_id": sam.branch_id, "year": YEAR, "second": Second.CONFIRM}
    with pytest.raises(AboutOneselfError):
        given(service.decide, dora.actor, **where)
    with pytest.raises(NotFoundError):
        given(service.decide, oscar.actor, **where)
    assert given(service.decide, carl.actor, **where).done == 1


def test_who_stands_in_leaves_alone_what_the_branch_can_do_itself(clara, asked, given, sam, carl, alice):
    given(signed_by, alice)
    given(service.propose, sam.actor, year=YEAR)
    with pytest.raises(NothingToArchiveError):
        given(service.decide, carl.actor, branch_id=sam.branch_id, year=YEAR, second=Second.CONFIRM)


@pytest.mark.race
def test_two_officers_at_once_archive_once(clara, asked, database, given, sam, dora, alice, bob):
    given(signed_by, alice, bob)
    given(service.propose, sam.actor, year=YEAR)

    def confirm(number):
        with database.write() as session:
            actor = (dora, clara)[number].actor
            return service.decide(session, actor, branch_id=sam.branch_id, year=YEAR, second=Second.CONFIRM).done

    found = race(2, confirm)
    assert [one for one in found if one == 2] == [2]
    assert any(isinstance(one, NothingToArchiveError) for one in found)
    assert given(lambda session: session.query(ArchivedSheet).count()) == 2


@pytest.mark.race
def test_a_fact_of_whoever_has_moved_comes_before_the_archive_or_after_it(asked, database, given, sam, dora, bob):
    def move(session):
        elsewhere = make_branch(session, "第九党支部")
        row = session.get_one(Member, bob.id)
        row.branch_id, row.group_id = elsewhere.id, None
        return replace(bob, branch_id=elsewhere.id)

    given(signed_by, bob)
    given(service.propose, sam.actor, year=YEAR)
    moved = given(move)
    confirm = {"branch_id": dora.branch_id, "year": YEAR, "second": Second.CONFIRM}
    with ThreadPoolExecutor(1) as threads:
        with database.write() as session:
            day = date(2026, 12, 31)
            make_facts(session, moved, FactType.REVIEW_RESULT, day, quantity=933, counts_in=date(2026, 12, 1))
            archive = threads.submit(given, service.decide, dora.actor, **confirm)
            assert wait([archive], 0.5).not_done  # until the fact is there
        assert archive.result() == service.Archived(done=0, left=1)  # what Bob signed is another sheet by now


@pytest.mark.parametrize(
    "change",
    [delete(ArchivedSheet), update(ArchivedSheet).values(sha256="0" * 64)],
    ids=["removed", "changed"],
)
def test_the_database_lets_nobody_change_an_archived_sheet(asked, given, database, sam, dora, alice, change):
    given(signed_by, alice)
    given(archived, sam, dora)
    with pytest.raises(DBAPIError, match="archived_sheets"), database.write() as session:
        session.execute(change)


def test_a_changed_ledger_or_text_is_found(asked, given, database, sam, dora, alice):
    given(signed_by, alice)
    given(archived, sam, dora)
    sheet = sheet_of(given, alice)
    content = json.loads(sheet.content)

    def with_other(**changed):
        other = snapshot.canonical(content | changed)
        return ArchivedSheet(
            member_id=alice.id, year=YEAR, version=1, content=other, sha256=snapshot.digest(other), branch_id=new_id()
        )

    heads = {str(alice.branch_id): {"seq": 3, "digest": "0" * 64}}
    rules = {"version": "2026.1", "sha256": "0" * 64}
    with database.read() as session:
        assert proof.fault_of(session, with_other(heads=heads)) == proof.ProofFault.CHAIN
        assert proof.fault_of(session, with_other(rules=rules)) == proof.ProofFault.RULES
        assert proof.fault_of(session, with_other(facts=content["facts"][:1])) == proof.ProofFault.FACTS
        altered = with_other()
        altered.content = altered.content.replace("艾莉", "艾丽")
        assert proof.fault_of(session, altered) == proof.ProofFault.TEXT
        assert session.execute(text("SELECT count(*) FROM archived_sheets")).scalar() == 1


def test_an_objection_is_called_on_the_paper_as_in_the_register(english):
    one = {"number": 3, "about": "fact", "rule": "B2", "state": "answered", "outcome": "refused", "decision": None}
    lines = [{"id": "B2", "title": "Study"}]
    content = {"year": YEAR, "objections": [one], "sheet": {"sections": [{"lines": lines}]}}
    [said] = papers.objections(SimpleNamespace(content=content))
    assert said == "No. 2026-003, A fact that is wrong · Study: not upheld"


def test_an_exempt_member_has_a_sheet_without_a_score(settled, given, sam, dora, bob):
    given(
        lambda session: session.add(Exemption(member_id=bob.id, kind=ExemptionKind.ILLNESS, starts_on=date(2026, 1, 1)))
    )
    given(signing.ask, sam.actor, year=YEAR)
    given(signed_by, bob)
    given(archived, sam, dora)
    content = json.loads(sheet_of(given, bob).content)
    assert (content["standing"], content["sheet"]["total"]) == ("exempt", None)
    assert content["exemptions"][0]["from"] == "2026-01-01"
    assert proved(given, bob) is None
    assert datetime.fromisoformat(content["signature"]["at"]) == datetime(2027, 1, 20, 4, tzinfo=UTC)


def test_the_command_proves_every_archived_sheet(asked, given, database, monkeypatch, english, sam, dora, alice, bob):
    given(signed_by, alice, bob)
    given(archived, sam, dora)
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    done = CliRunner().invoke(commands.sheets_app, ["prove"])
    assert (done.exit_code, done.stdout) == (0, "2 archived sheets, all as they were.\n")
    paper = sheet_of(given, alice).sha256
    typed = " ".join(paper[start : start + 8] for start in range(0, 64, 8)).upper()
    for code, ends in ((typed, 0), (paper[:20], 0), ("0" * 64, 1), ("1a2b", 2)):
        assert CliRunner().invoke(commands.sheets_app, ["prove", "--code", code]).exit_code == ends
    content = json.loads(sheet_of(given, alice).content)
    content["person"]["name"] = "艾丽"  # stands in no fact: text and digest agree, and facts give the same again
    other = snapshot.canonical(content)
    change = "UPDATE archived_sheets SET content = :content, sha256 = :code WHERE sha256 = :paper"
    without_triggers(database)
    with database.write() as session:
        session.execute(text(change), {"content": other, "code": snapshot.digest(other), "paper": paper})
    failed = CliRunner().invoke(commands.sheets_app, ["prove"])
    assert "the audit log noted another check code" in failed.stdout
    assert CliRunner().invoke(commands.sheets_app, ["prove", "--code", paper]).exit_code == 1
    monkeypatch.setattr(snapshot, "_fact", lambda fact: {"id": str(fact.id)})
    failed = CliRunner().invoke(commands.sheets_app, ["prove"])
    assert (failed.exit_code, failed.stdout.count("facts and rules give another sheet.")) == (1, 2)

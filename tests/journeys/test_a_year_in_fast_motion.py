"""Quantified management, a year in fast motion: four quarters, and what may happen on the way to the archive.

Alice is absent once by mistake and says so; Bob's objection goes up and is refused, and a veto lies on his year. Zhao
comes from the second branch at midyear, Mary is on maternity leave for half of it, Peter becomes a full member in
August, and Liu is reviewed where he is seconded. In spring a decision opens Alice's archived sheet again.
"""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from app.core.ids import new_id
from app.features.ballots import letters, opinions
from app.features.ballots import service as ballots
from app.features.ballots.rules import Grade
from app.features.entries.appraisals.rules import Quarter
from app.features.ledger import service as ledger
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.members import service as people
from app.features.members.rules import Role
from app.features.members.two_people import Second
from app.features.scores.archive import kept, proof, signing
from app.features.scores.archive.above import service as above
from app.features.scores.archive.models import ArchivedSheet
from app.features.scores.archive.queries import people as how_far
from app.features.scores.archive.rules import NotSettledError, SignatureWords, State, Why
from app.features.scores.objections import service as objections
from app.features.scores.objections.rules import ObjectionOutcome
from app.features.scores.sheet import Advice, ScoreStanding, Veto
from app.features.scores.vetoes import service as vetoes
from tests.features.ballots.makers import give, open_with, vote
from tests.features.entries.makers import confirm, enter_grade
from tests.features.scores.archive.makers import archived, signature_of
from tests.features.scores.objections.makers import answer, decide, object_to
from tests.features.scores.publicity.steps import published
from tests.makers import make_member

YEAR = 2026
E, Q, B, N = Grade


@pytest.fixture
def time():
    with time_machine.travel(datetime(2026, 1, 4, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(given, branch, other_branch, committee):
    """Who joins the standard people: three more officers, and four members with a year of their own."""
    return {
        "clara": given(make_member, branch, "柯兰", roles=(Role.ORGANISATION,)),
        "faye": given(make_member, branch, "范晔", roles=(Role.DISCIPLINE,)),
        "mary": given(make_member, branch, "马丽"),
        "peter": given(make_member, branch, "裴德", confirmed="2026-08-01"),
        "liu": given(make_member, branch, "刘远"),
        "zhao": given(make_member, other_branch, "赵行"),
        "keeper": given(make_member, other_branch, "管理", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee),
    }


def happened(session, member, fact_type, day, by, but, *, branch_id=None, **values):
    """What a stream posts once another officer has confirmed it."""
    fact = NewFact(
        branch_id=branch_id or member.branch_id,
        member_id=member.id,
        fact_type=fact_type,
        occurred_on=day,
        source="journey",
        source_id=f"{fact_type} {member.id} {day}",
        recorded_by_id=by.id,
        confirmed_by_id=but.id,
        **values,
    )
    return ledger.append(session, [fact])[0]


def graded(given, sam, dora, quarter, grades):
    """A quarter's appraisals: entered by Sam, confirmed by Dora."""
    for member, grade in grades.items():
        given(enter_grade, sam, member, grade, quarter=Quarter(YEAR, quarter))
    given(confirm, dora, "appraisal.quarter")


def line(sheet, rule_id):
    return next(one for section in sheet.sections for one in section.lines if one.rule_id == rule_id)


def test_a_year_in_fast_motion(given, database, time, cast, branch, other_branch, alice, bob, sam, dora, carl, oscar):
    clara, faye, mary, peter, liu, zhao, keeper = (cast[name] for name in cast)
    at = lambda month, day, year=YEAR, hour=2: time.move_to(datetime(year, month, day, hour, tzinfo=UTC))  # noqa: E731
    everybody = [alice, bob, mary, peter, liu, clara, faye]

    # First quarter: a mistake is objected to, and put right.
    at(3, 13)
    wrong = given(happened, alice, FactType.ATTENDANCE_ABSENT, date(2026, 3, 12), sam, dora)
    at(4, 2)
    graded(given, sam, dora, 1, dict.fromkeys(everybody, "good"))
    given(published, sam, dora, quarter=1)
    at(4, 3)
    upheld = given(object_to, alice, wrong, quarter=1)
    given(answer, clara, upheld, ObjectionOutcome.UPHELD, take_back=True)
    given(objections.accept, alice.actor, upheld)

    # Second quarter: what is not upheld goes up, and stays so. Zhao moves.
    at(5, 11)
    given(happened, zhao, FactType.ATTENDANCE_ABSENT, date(2026, 5, 10), oscar, keeper)
    at(7, 1)
    given(people.move_member, keeper.actor, member_id=zhao.id, branch_id=branch.id)
    graded(given, sam, dora, 2, dict.fromkeys([*everybody, zhao], "good"))
    given(published, sam, dora, quarter=2)
    at(7, 2)
    missing = given(object_to, bob, quarter=2)
    given(answer, clara, missing)
    given(objections.escalate, bob.actor, missing)
    given(decide, carl, missing)

    # Third quarter: Mary is not appraised on maternity leave; Peter becomes a full member.
    at(9, 10)
    given(happened, zhao, FactType.SERVICE_WISH_REALISED, date(2026, 9, 9), sam, dora, branch_id=branch.id)
    at(10, 9)
    graded(given, sam, dora, 3, {one: "not_graded" if one is mary else "good" for one in [*everybody, zhao]})
    given(published, sam, dora, quarter=3)

    # Fourth quarter: the review, a letter from the host, a veto.
    at(11, 6, hour=7)
    present = [alice, bob, sam, dora, clara, faye, peter]
    review_id = given(open_with, sam, *present, year=YEAR)
    for who in present:
        given(vote, review_id, who, {one: E if one is alice else Q for one in [alice, bob, peter] if one is not who})
    given(ballots.close_ballot, sam.actor, review_id=review_id)
    given(give, sam, review_id, {alice: E, bob: Q, peter: Q})
    given(opinions.decide, dora.actor, review_id=review_id, confirm=True)
    letter = {
        "id": new_id(),
        "member_id": liu.id,
        "year": YEAR,
        "host": "驻村工作队临时党支部",
        "document": "村支〔2026〕2号",
    }
    given(letters.enter_letter, sam.actor, mean=933, **letter)
    given(letters.decide_letter, dora.actor, letter_id=letter["id"], second=Second.CONFIRM)
    said = {"basis": "党内警告处分", "document": "市纪〔2026〕3号", "dated": date(2026, 11, 5)}
    veto = given(vetoes.enter_veto, faye.actor, id=new_id(), member_id=bob.id, year=YEAR, kind=Veto.LIABILITY, **said)
    given(vetoes.decide_veto, clara.actor, veto_id=veto, second=Second.CONFIRM)

    # The year's end: publicity, a late fact, signatures, archive.
    at(1, 4, 2027)
    graded(given, sam, dora, 4, {one: "not_graded" if one is mary else "good" for one in [*everybody, zhao]})
    given(published, sam, dora, quarter=4)
    at(1, 13, 2027)
    given(published, sam, dora, quarter=None)
    with pytest.raises(NotSettledError):
        given(signing.ask, sam.actor, year=YEAR)
    at(1, 14, 2027)
    late = given(happened, alice, FactType.ATTENDANCE_ABSENT, date(2026, 12, 20), sam, dora)
    at(1, 15, 2027)
    later = given(happened, alice, FactType.ATTENDANCE_LATE, date(2026, 12, 20), sam, dora)
    assert (late.counts_in, later.counts_in) == (date(2026, 12, 1), date(2027, 1, 1))
    at(2, 1, 2027)
    given(signing.ask, sam.actor, year=YEAR)
    for person in (alice, mary, peter, liu, zhao):
        given(signing.sign, person.actor, year=YEAR, said=SignatureWords.AGREED)
    given(signing.sign, bob.actor, year=YEAR, said=SignatureWords.RESERVED, words="讲党课那次没有记上。")
    at(2, 20, 2027)
    given(signing.note_unsigned, sam.actor, signature_id=given(signature_of, faye).id, why=Why.OTHER)
    assert given(archived, sam, dora) == (7, 0)

    sheets = {one.id: given(kept.kept, sam.actor, one.id, YEAR) for one in (alice, bob, mary, peter, liu, zhao)}
    b1 = line(sheets[alice.id].sheet, "B1")
    assert b1.points == 2200  # the absence of December; that of March was none
    assert [one["outcome"] for one in sheets[alice.id].kept.content["objections"]] == ["upheld"]
    assert [one["decision"] for one in sheets[bob.id].kept.content["objections"]] == ["refused"]
    assert (sheets[bob.id].sheet.advice, sheets[bob.id].sheet.double_good) == (Advice.HELP, False)
    assert sheets[alice.id].kept.content["grade"]["value"] == E
    assert line(sheets[mary.id].sheet, "A1").points == 3000  # two quarters stand for four
    assert sheets[peter.id].sheet.standing is ScoreStanding.FULL
    assert line(sheets[liu.id].sheet, "D1").points == 933
    zhaos = {(fact["type"], fact["branch"]) for fact in sheets[zhao.id].kept.content["facts"]}
    assert ("attendance.absent", str(other_branch.id)) in zhaos
    assert ("service.wish_realised", str(branch.id)) in zhaos
    assert {one.state for one in given(how_far, branch.id, YEAR) if one.id in sheets} == {State.ARCHIVED}

    # In May Alice's sheet is opened again: a second version, and both are what their digests say.
    at(5, 10, 2027)
    given(above.reopen, carl.actor, who=alice.name, year=YEAR, reason="复核发现漏记", document="机党〔2027〕8号")
    found = given(happened, alice, FactType.BONUS_LECTURE, date(2026, 6, 3), sam, dora)
    assert found.counts_in == date(2026, 6, 1)
    given(signing.ask, sam.actor, year=YEAR)
    given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.AGREED)
    assert given(archived, sam, dora)[0] == 1
    with database.read() as session:
        versions = session.query(ArchivedSheet).where(ArchivedSheet.member_id == alice.id)
        first, second = versions.order_by(ArchivedSheet.version).all()
        assert [len(json.loads(one.content)["facts"]) for one in (first, second)] == [6, 7]
        assert list(proof.faults(session, lambda _read: None)) == []

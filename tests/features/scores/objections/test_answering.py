"""An objection is answered by people who had no hand in it, and what is upheld changes the sheet."""

import threading
from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.errors import AppError
from app.features.ledger.rules import FactType
from app.features.members import audit
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction, Role
from app.features.scores.objections import corrections, queries, service
from app.features.scores.objections.deciders import answerers_of
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import About, Matter, ObjectionOutcome, State
from app.features.scores.periods import period_of
from app.features.scores.queries import member_sheet
from tests.features.scores.makers import make_facts
from tests.features.scores.objections.makers import REASONS, answer, decide, object_to
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page

UPHELD = {"outcome": "upheld", "reasons": REASONS}


def points(database, alice, line):
    with database.read() as session:
        shown = member_sheet(session, alice.actor, alice.id, period_of(clock.today()))
        return shown.line(line).points


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_upheld_the_fact_is_taken_back_and_another_entered(
    client, given, database, alice, dora, absence, headers, status
):
    objection_id = given(object_to, alice, absence)
    before = points(database, alice, "B1")
    sent = UPHELD | {"take_back": "yes", "entry": "attendance.late:", "matter": "三月党员大会"}
    for _twice in range(2):
        answered = client.post(f"/objections/{objection_id}/answer", data=sent, headers=as_member(dora) | headers)
        assert answered.status_code == status
    assert points(database, alice, "B1") == before + 200 - 50
    with database.read() as session:
        found = session.get(Objection, objection_id)
        assert (found.state, found.outcome, found.answered_by_id) == (State.ANSWERED, ObjectionOutcome.UPHELD, dora.id)
        put_right = corrections.corrections(session, alice.branch_id, 2026, 1)
        assert [(one.fact_type, one.is_taken_back) for one in put_right] == [
            (FactType.ATTENDANCE_ABSENT, True),
            (FactType.ATTENDANCE_LATE, False),
        ]
        assert {one.occurred_on for one in put_right} == {date(2026, 3, 9)}
        noted = session.query(AuditEntry).filter(AuditEntry.action == AuditAction.OBJECTION_ANSWERED).all()
        assert [alice.name in str((one.subject, one.changes)) for one in noted] == [False]
    line = page(client.get("/sheet/2026/lines/B1", headers=as_member(alice) | ENGLISH))
    assert line.select(f"a[href='/objections/{objection_id}']")


def test_an_outcome_goes_with_its_correction(client, given, alice, dora, absence):
    address, headers = f"/objections/{given(object_to, alice, absence)}/answer", as_member(dora) | ENGLISH | HTMX
    said = {"outcome": "upheld", "reasons": "好"}
    assert "reasons" in errors(fragment(client.post(address, data=said, headers=headers), 422))
    for outcome, more, at in (
        ("upheld", {}, "outcome"),
        ("refused", {"take_back": "yes"}, "outcome"),
        ("upheld", {"entry": "attendance.late:", "day": "2026-04-01"}, "day"),
        ("upheld", {"entry": "study.item:"}, "form"),
        ("upheld", {"entry": "bonus.commendation:"}, "entry"),
    ):
        said = {"outcome": outcome, "reasons": REASONS} | more
        refused = client.post(address, data=said, headers=headers)
        assert refused.status_code == 422, more
        assert at == "form" or at in errors(fragment(refused, 422))


def test_who_had_a_hand_in_it_does_not_answer(
    client, given, database, alice, bob, sam, dora, olga, oscar, carl, absence
):
    objection_id = given(object_to, alice, absence)
    address = f"/objections/{objection_id}/answer"
    assert client.post(address, data=UPHELD | {"take_back": "yes"}, headers=as_member(sam)).status_code == 403
    for stranger in (bob, olga, oscar):
        assert client.get(f"/objections/{objection_id}", headers=as_member(stranger)).status_code == 404
        assert client.post(address, data=UPHELD, headers=as_member(stranger)).status_code == 404
    with database.write() as session:
        assert answerers_of(session, objection_id) == {dora.id}
        session.get(Member, dora.id).opened_by_id = sam.id  # Sam printed the slip of Dora's account
        session.get(Member, dora.id).opened_at = clock.now() - timedelta(days=3)
    assert client.post(address, data=UPHELD | {"take_back": "yes"}, headers=as_member(dora)).status_code == 403
    with database.read() as session:
        assert answerers_of(session, objection_id) == {carl.id}


def test_who_changed_a_standing_does_not_answer_for_it(given, database, april, alice, sam, dora):
    with database.write() as session:
        audit.record(session, sam.id, AuditAction.EXEMPTION_GIVEN, session.get(Member, alice.id))
    exempt, moved = (
        given(object_to, alice, about=About.STANDING, rule=None, matter=matter)
        for matter in (Matter.EXEMPT, Matter.TRANSFER)
    )
    with database.read() as session:
        assert answerers_of(session, exempt) == {dora.id}
        assert answerers_of(session, moved) == {dora.id, sam.id}
        assert [row.id for row in queries.to_answer(session, sam.actor)] == [moved]


def test_nobody_left_in_the_branch_the_committee_answers_and_another_of_it_decides(
    client, given, database, committee, branch, alice, sam, dora, carl, absence
):
    cora = given(make_member, branch, "柯拉", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    fact = given(
        make_facts, alice, FactType.ATTENDANCE_LATE, date(2026, 3, 2), recorded_by_id=sam.id, confirmed_by_id=dora.id
    )[0]
    objection_id = given(object_to, alice, fact)
    with database.read() as session:
        assert answerers_of(session, objection_id) == {carl.id, cora.id}
    shown = page(client.get(f"/objections/{objection_id}", headers=as_member(carl) | ENGLISH))
    assert shown.select("form[action$='/answer']")
    given(answer, carl, objection_id, ObjectionOutcome.REFUSED)
    assert client.get(f"/objections/{objection_id}", headers=as_member(cora)).status_code == 404
    client.post(f"/objections/{objection_id}/say", data={"state": "escalate"}, headers=as_member(alice))
    with database.read() as session:
        assert answerers_of(session, objection_id) == {cora.id}
    given(decide, cora, objection_id, ObjectionOutcome.UPHELD, take_back=True)
    with database.read() as session:
        assert session.get(Objection, objection_id).state is State.DECIDED
        assert queries.pending(session, [alice.id], 2026) == set()


def test_the_committee_puts_its_own_fact_in_place_of_the_branch_s(given, database, alice, dora, carl, absence):
    objection_id = given(object_to, alice, absence)
    before = points(database, alice, "B1")
    given(answer, dora, objection_id, ObjectionOutcome.PARTLY, take_back=True, fact_type=FactType.ATTENDANCE_LATE)
    with database.write() as session:
        service.escalate(session, alice.actor, objection_id)
    given(decide, carl, objection_id, ObjectionOutcome.UPHELD, take_back=True, fact_type=FactType.ATTENDANCE_PRESENT)
    assert points(database, alice, "B1") == before + 200
    with database.read() as session:
        put_right = corrections.corrections(session, alice.branch_id, 2026, 1)
        assert [one.fact_type for one in put_right] == [FactType.ATTENDANCE_ABSENT, FactType.ATTENDANCE_PRESENT]


def test_a_missing_appraisal_counts_in_its_quarter_also_after_15_january(given, database, april, alice, dora):
    objection_id = given(object_to, alice, rule="A1")
    april.move_to(date(2027, 1, 20))
    given(
        answer,
        dora,
        objection_id,
        ObjectionOutcome.UPHELD,
        fact_type=FactType.APPRAISAL_QUARTER,
        grade="good",
        day=date(2026, 2, 10),
    )
    with database.read() as session:
        [found] = corrections.corrections(session, alice.branch_id, 2026, 1)
        assert found.occurred_on == date(2026, 3, 31)
        shown = member_sheet(session, alice.actor, alice.id, period_of(clock.today(), year=2026))
        assert shown.line("A1").points == 750


@pytest.mark.parametrize("other", ["answer", "withdraw"])
def test_two_at_once(given, database, alice, sam, dora, april, other):
    """Two officers answer, or the member withdraws meanwhile: one of them, and nothing is posted twice."""
    objection_id = given(object_to, alice)
    begin, seen = threading.Barrier(2), []

    def run(act, *args, **said):
        begin.wait()
        try:
            given(act, *args, **said)
            seen.append("done")
        except AppError as refused:
            seen.append(refused.code)

    wanted = {"outcome": ObjectionOutcome.UPHELD, "fact_type": FactType.STUDY_SESSION, "day": date(2026, 3, 9)}
    first = threading.Thread(target=run, args=(answer, dora, objection_id), kwargs=wanted)
    second = (
        threading.Thread(target=run, args=(answer, sam, objection_id), kwargs=wanted)
        if other == "answer"
        else threading.Thread(target=run, args=(service.withdraw, alice.actor, objection_id))
    )
    for thread in (first, second):
        thread.start()
    for thread in (first, second):
        thread.join()
    assert sorted(seen) == ["done", "step_refused"]
    with database.read() as session:
        state = session.get(Objection, objection_id).state
        assert len(corrections.corrections(session, alice.branch_id, 2026, 1)) == (state is State.ANSWERED)

"""Sam proposes, it is checked, Dora approves, it is published with its days; and what each of them may not do."""

from datetime import UTC, date, datetime
from threading import Barrier, Event, Thread

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import AppError, NotFoundError
from app.core.holidays import Holiday, HolidayList
from app.core.workdays import PUBLISHED, DayKind
from app.features.members.models import AuditEntry, RoleTerm
from app.features.members.rules import AuditAction, Role
from app.features.members.two_people import BoundError
from app.features.scores.drafts import publishing
from app.features.scores.drafts.rules import TooLateError
from app.features.scores.publicity import queries, service
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import (
    Act,
    DaysError,
    EndedAlreadyError,
    Period,
    PreviousUnsettledError,
    StandsAlreadyError,
    State,
    StepTakenError,
    TooEarlyError,
    of_today,
    state_of,
)
from tests.features.scores.publicity.steps import propose, published
from tests.features.scores.test_published import text_of
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.races import WAIT_SECONDS, race

FORM = {
    "id": "01980000-0000-7000-8000-000000000001",
    "working_days": "3",
    "reception": "组织委员 王芳",
    "phone": "8801",
}


def step(client, person, publicity_id, act, headers):
    address = f"/publicity/of/{publicity_id}/step"
    return client.post(address, data={"act": act}, headers=headers | ENGLISH | as_member(person))


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_quarter_is_publicised_by_two_officers_and_each_step_has_a_name(
    client, database, october, facts, sam, dora, alice, headers, status
):
    address = "/publicity/2026/3"
    sent = headers | ENGLISH | as_member(sam)
    assert client.get(address, headers=as_member(alice)).status_code == 404  # nothing for members yet
    for _twice in range(2):
        assert client.post(address, data=FORM, headers=sent).status_code == status
    assert step(client, sam, FORM["id"], "check", headers).status_code == status
    refused = step(client, sam, FORM["id"], "approve", headers)
    assert refused.status_code == 403
    assert "the other one of you confirms it" in refused.text
    assert step(client, dora, FORM["id"], "approve", headers).status_code == status
    assert client.get(address, headers=as_member(alice)).status_code == 404
    assert step(client, sam, FORM["id"], "publish", headers).status_code == status
    assert step(client, sam, FORM["id"], "publish", headers).status_code == 409
    with database.read() as session:
        (found,) = session.scalars(select(Publicity))
        assert (found.opened_on, found.ends_on, found.objections_until) == (
            date(2026, 10, 9),
            date(2026, 10, 13),
            date(2026, 10, 16),
        )  # Saturday 10 October is made up for
        assert found.head.seq == 9
        (row,) = queries.steps(session, sam.branch_id, Period(2026, 3))
        assert (row.proposed_by, row.checked_by, row.approved_by, row.published_by) == ("沈山", "沈山", "窦兰", "沈山")
        noted = session.scalars(select(AuditEntry.action).where(AuditEntry.action == AuditAction.PUBLICITY_OPENED))
        assert len(noted.all()) == 1
    assert client.get(address, headers=as_member(alice)).status_code == 200


def test_strangers_and_members_do_not_act_on_it(client, october, given, sam, alice, olga, oscar, carl):
    publicity_id = given(propose, sam)
    for person in (alice, olga, oscar, carl):
        assert step(client, person, publicity_id, "check", {}).status_code in {403, 404}
        said = {"reason": "不对"}
        answer = client.post(f"/publicity/of/{publicity_id}/withdraw", data=said, headers=as_member(person))
        assert answer.status_code in {403, 404}
    given(lambda session: service.take(session, sam.actor, publicity_id=publicity_id, act=Act.CHECK))
    for person in (alice, oscar):
        assert step(client, person, publicity_id, "approve", {}).status_code == 404


@pytest.mark.parametrize("days", ["2", "11"])
def test_a_publicity_of_2_or_11_working_days_is_refused_at_its_field(client, october, sam, days):
    data = {**FORM, "working_days": days}
    answer = client.post("/publicity/2026/3", data=data, headers=ENGLISH | as_member(sam))
    assert answer.status_code == DaysError.status
    assert "A publicity lasts 3 to 10 working days." in answer.text


def test_a_period_is_publicised_once_and_not_before_it_is_over(database, october, given, sam, dora):
    given(propose, sam)
    with pytest.raises(StandsAlreadyError), database.write() as session:
        propose(session, dora)
    with pytest.raises(TooEarlyError), database.write() as session:
        propose(session, sam, quarter=4)
    with pytest.raises(TooEarlyError), database.write() as session:
        propose(session, sam, quarter=None)
    assert Period(2026, 3).opens(PUBLISHED) == date(2026, 10, 8)
    assert Period(2026).opens(PUBLISHED) == date(2026, 12, 15)
    assert of_today(date(2026, 10, 7)) == Period(2026, 2)
    assert of_today(date(2027, 1, 1)) == Period(2026, 3)


def test_the_year_waits_for_its_quarters_and_a_quarter_for_none(database, october, given, sam, dora):
    given(published, sam, dora)
    given(published, sam, dora, quarter=2)  # while the third is open to objections
    december = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
    with time_machine.travel(december, tick=False):
        with pytest.raises(PreviousUnsettledError), database.write() as session:
            propose(session, sam, quarter=None, pending=[Period(2026, 3)])  # an objection waits
        year = given(published, sam, dora, quarter=None)
        with database.read() as session:
            assert session.get_one(Publicity, year).ends_on == date(2026, 12, 22)
    october.move_to(datetime(2026, 10, 14, 2, 0, tzinfo=UTC))
    with database.read() as session:
        assert queries.unsettled(session, sam.branch_id, 2026, []) >= {Period(2026, 2), Period(2026, 3)}


def test_who_made_the_other_s_account_is_no_second_pair_of_eyes(database, october, given, branch, sam):
    helper = given(make_member, branch, "新来", roles=(Role.ORGANISATION,), added_by_id=sam.id)
    publicity_id = given(propose, sam)
    given(lambda session: service.take(session, sam.actor, publicity_id=publicity_id, act=Act.CHECK))
    with pytest.raises(BoundError), database.write() as session:
        service.take(session, helper.actor, publicity_id=publicity_id, act=Act.APPROVE)


def test_the_supervisor_approves_only_where_there_is_no_other_officer(database, october, given, branch, sam, dora):
    quan = given(make_member, branch, "监督员", roles=(Role.SUPERVISOR,))
    publicity_id = given(propose, sam)
    given(lambda session: service.take(session, sam.actor, publicity_id=publicity_id, act=Act.CHECK))
    with pytest.raises(NotFoundError), database.write() as session:
        service.take(session, quan.actor, publicity_id=publicity_id, act=Act.APPROVE)
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == dora.id).delete())
    given(lambda session: service.take(session, quan.actor, publicity_id=publicity_id, act=Act.APPROVE))


@pytest.mark.race
def test_two_officers_who_approve_at_one_moment_approve_once(database, october, given, branch, sam, dora):
    third = given(make_member, branch, "组委", roles=(Role.ORGANISATION,))
    publicity_id = given(propose, sam)
    given(lambda session: service.take(session, sam.actor, publicity_id=publicity_id, act=Act.CHECK))
    met, refused = Barrier(2), []

    def approve(officer):
        met.wait()
        try:
            with database.write() as session:
                service.take(session, officer.actor, publicity_id=publicity_id, act=Act.APPROVE)
        except AppError as error:
            refused.append(type(error))

    threads = [Thread(target=approve, args=[officer]) for officer in (dora, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [StepTakenError]


def test_who_publishes_rules_waits_for_a_publicity_that_opens_at_that_moment(database, october, given, sam, dora):
    publicity_id = given(propose, sam)
    for step, officer in ((Act.CHECK, sam), (Act.APPROVE, dora)):
        given(service.take, officer.actor, publicity_id=publicity_id, act=step)
    opens, is_published = Event(), Event()

    def act(number):
        if number == 0:
            with database.write() as session:
                service.take(session, sam.actor, publicity_id=publicity_id, act=Act.PUBLISH)
                opens.set()
                return is_published.wait(0.5)  # it is not: whoever publishes rules waits for this commit
        opens.wait(WAIT_SECONDS)
        with database.write() as session:
            publishing.publish(session, text=text_of("2026.2"), year=2026)
        return is_published.set()

    assert [type(one) for one in race(2, act)] == [bool, TooLateError]


def test_withdrawn_with_a_reason_before_its_end_and_a_new_one_begins_from_zero(
    client, database, october, given, sam, dora, alice
):
    first = given(published, sam, dora)
    address = f"/publicity/of/{first}/withdraw"
    assert client.post(address, data={"reason": ""}, headers=as_member(sam)).status_code == 422
    assert client.post(address, data={"reason": "缺席记错了人"}, headers=as_member(sam)).status_code == 303
    assert client.get("/publicity/2026/3", headers=as_member(alice)).status_code == 404
    october.move_to(datetime(2026, 10, 12, 2, 0, tzinfo=UTC))
    second = given(published, dora, sam)
    with database.read() as session:
        assert session.get_one(Publicity, second).ends_on == date(2026, 10, 15)
        assert queries.first_of_year(session, sam.branch_id, 2026) == date(2026, 10, 9)
    october.move_to(datetime(2026, 10, 16, 2, 0, tzinfo=UTC))
    with pytest.raises(EndedAlreadyError), database.write() as session:
        service.withdraw(session, sam.actor, publicity_id=second, reason="晚了")


def test_a_later_list_of_days_off_moves_the_days_later_and_never_earlier(database, october, given, sam, dora):
    publicity_id = given(published, sam, dora)

    def load(session, day, kind):
        session.merge(HolidayList(year=2026))
        session.merge(Holiday(day=day, year=2026, kind=kind))

    def days():
        with database.write() as session:
            moved = service.move_later(session, None)
        with database.read() as session:
            found = session.get_one(Publicity, publicity_id)
            return moved, found.ends_on, found.objections_until

    stored = (0, date(2026, 10, 13), date(2026, 10, 16))
    given(lambda session: session.add(HolidayList(year=2026)))  # weeks alone: the 10th is no working day
    moved = days()
    assert moved == (1, date(2026, 10, 14), date(2026, 10, 19))
    given(load, date(2026, 10, 10), DayKind.WORKING)
    given(load, date(2026, 10, 11), DayKind.WORKING)
    assert days() == (0, *moved[1:]) != stored


def test_where_a_period_stands_follows_from_the_stored_days():
    days = date(2026, 10, 8), date(2026, 10, 12)
    said = [
        state_of(*days, date(2026, 10, day), pending=pending)
        for day, pending in ((8, True), (9, False), (12, False), (13, True), (13, False))
    ]
    assert said == [State.PUBLICISED, State.OBJECTIONS, State.OBJECTIONS, State.OBJECTIONS, State.SETTLED]
    assert state_of(None, None, date(2026, 10, 8), pending=False) is State.OPEN
    assert state_of(*days, date(2026, 11, 1), pending=False, closed=State.SIGNED) is State.SIGNED

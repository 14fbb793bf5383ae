"""Rounds, returning, referring and later rounds: what the leading branch decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.core import clock
from app.core.errors import NotFoundError
from app.features.history.service import history
from app.features.private.rules import NamesSomebodyError
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import claims
from app.features.wishes.carrying.errors import EstimateLoweredError, OwnEstimateError, TooDearError
from app.features.wishes.carrying.rules import check_estimate
from app.features.wishes.desk import rules, service
from app.features.wishes.desk.models import PublishingPlan
from app.features.wishes.desk.rules import NoDayError
from app.features.wishes.intake import service as intake
from app.features.wishes.intake.rules import NotChangeableError, OwnTextError
from app.features.wishes.models import Wish
from app.features.wishes.rules import Origin, OwnEntryError, Status, StepRefusedError
from app.features.wishes.wisher import service as withdrawal
from tests.features.wishes.makers import make_draft, make_wish
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page

MARCH_9 = datetime(2026, 3, 9, 2, tzinfo=UTC)


@pytest.fixture
def handed_in(given, community, branch, cora):
    """A wish that waits for the leading branch."""
    draft = given(make_draft, community, branch, cora)
    given(wish_service.submit, wish_id=draft.id, by_id=cora.id)
    return draft


def test_a_wish_goes_out_with_the_round_in_the_officer_s_name(handed_in, sam, dora, session):
    with time_machine.travel(MARCH_9, tick=False) as travel:
        with pytest.raises(NoDayError):
            service.publish_in_round(session, sam.actor, wish_id=handed_in.id)
        service.set_day(session, dora.actor, day=15)
        for _twice in range(2):
            assert service.publish_in_round(session, sam.actor, wish_id=handed_in.id) == date(2026, 3, 15)
        travel.move_to(datetime(2026, 3, 14, 15, 59, tzinfo=UTC))
        assert service.publish_due(session, clock.now()) == 0
        travel.move_to(datetime(2026, 3, 14, 16, 1, tzinfo=UTC))  # the 15th has begun in Shanghai
        assert service.publish_due(session, clock.now()) == 1
        assert service.publish_due(session, clock.now()) == 0
        wish = session.get(Wish, handed_in.id)
        assert (wish.status, wish.published_by_id, wish.verified_by_id) == (Status.PUBLISHED, sam.id, sam.id)


def test_what_nobody_claimed_goes_first_in_the_next_round(community, branch, cora, sam, session):
    with time_machine.travel(MARCH_9, tick=False) as travel:
        service.set_day(session, sam.actor, day=9)
        old = make_wish(session, community, branch, cora, sam)
        service.put_off(session, sam.actor, wish_id=old.id)
        new = make_draft(session, community, branch, cora)
        wish_service.submit(session, wish_id=new.id, by_id=cora.id)
        assert service.publish_due(session, clock.now()) == 0  # today's round is over for it
        assert session.get(PublishingPlan, old.id).due_on == date(2026, 4, 9)
        travel.move_to(datetime(2026, 4, 8, 2, tzinfo=UTC))
        service.publish_in_round(session, sam.actor, wish_id=new.id)
        travel.move_to(datetime(2026, 4, 9, 2, tzinfo=UTC))
        assert service.publish_due(session, clock.now()) == 2
        first, second = session.get(Wish, old.id), session.get(Wish, new.id)
        assert (first.round, second.round) == (2, 1)


def test_what_can_no_longer_go_out_only_loses_its_place(community, branch, cora, sam, session):
    with time_machine.travel(MARCH_9, tick=False) as travel:
        service.set_day(session, sam.actor, day=20)
        draft = make_draft(session, community, branch, cora, wanted_by=date(2026, 3, 12))
        wish_service.submit(session, wish_id=draft.id, by_id=cora.id)
        service.publish_in_round(session, sam.actor, wish_id=draft.id)
        travel.shift(timedelta(days=20))
        assert service.publish_due(session, clock.now()) == 0
        assert session.get(Wish, draft.id).status is Status.TO_VERIFY
        assert session.get(PublishingPlan, draft.id) is None


def test_taken_back_from_the_round(handed_in, sam, session):
    service.set_day(session, sam.actor, day=1)
    service.publish_in_round(session, sam.actor, wish_id=handed_in.id)
    for _twice in range(2):
        service.take_out_of_round(session, sam.actor, wish_id=handed_in.id)
    assert service.publish_due(session, clock.now() + timedelta(days=40)) == 0


def test_nobody_publishes_the_own_entry(community, branch, sam, dora, session):
    own = make_draft(session, community, branch, sam, origin=Origin.OFFICER)
    wish_service.submit(session, wish_id=own.id, by_id=sam.id)
    service.set_day(session, sam.actor, day=1)
    for act in (service.publish, service.publish_in_round):
        with pytest.raises(OwnEntryError):
            act(session, sam.actor, wish_id=own.id)
    service.publish(session, dora.actor, wish_id=own.id)


def test_only_officers_of_the_leading_branch_decide(handed_in, alice, oscar, cora, carl, session):
    for person in (alice, oscar, cora, carl):
        for act, words in (
            (service.publish, {}),
            (service.return_to_collector, {"reason": "不全"}),
            (service.refer, {"channel": "民政", "sentence": "谢谢"}),
            (service.put_off, {}),
            (service.take_out_of_round, {}),
        ):
            with pytest.raises(NotFoundError):
                act(session, person.actor, wish_id=handed_in.id, **words)


def test_sentences_name_nobody(handed_in, sam, session):
    with pytest.raises(NamesSomebodyError):
        service.return_to_collector(session, sam.actor, wish_id=handed_in.id, reason="请打 13712345678 问清楚")
    with pytest.raises(NamesSomebodyError):
        service.refer(session, sam.actor, wish_id=handed_in.id, channel="民政", sentence="已转告 137-1234-5678")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_form_that_nobody_can_read_publishes_nothing(client, database, handed_in, sam, headers):
    answer = client.post(
        f"/wishes/desk/{handed_in.id}/publish", data={"when": "nonsense"}, headers=headers | as_member(sam)
    )
    assert answer.status_code == 422
    with database.read() as session:
        wish = session.get(Wish, handed_in.id)
        assert (wish.status, wish.published_at) == (Status.TO_VERIFY, None)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_whoever_comes_too_late_reads_it_once_where_the_form_stood(client, handed_in, sam, dora, headers):
    address, form = f"/wishes/desk/{handed_in.id}/publish", {"when": "now"}
    assert client.post(address, data=form, headers=as_member(dora)).status_code == 303
    late = client.post(address, data=form, headers=headers | as_member(sam) | ENGLISH)
    assert late.status_code == 409
    assert late.text.count("is waiting to be claimed by now") == 1


def test_a_returned_wish_may_still_be_referred(handed_in, sam, session):
    service.return_to_collector(session, sam.actor, wish_id=handed_in.id, reason="楼号不清楚")
    wish = service.refer(session, sam.actor, wish_id=handed_in.id, channel="12345", sentence="谢谢您")
    assert wish.status is Status.REFERRED


def test_a_returned_wish_is_changed_and_comes_again(handed_in, cora, sam, session):
    service.return_to_collector(session, sam.actor, wish_id=handed_in.id, reason="请写明尺寸")
    text = intake.WishText(title="换一扇窗", need="90 × 120", category=wish_rules.Category.REPAIRS)
    wish = intake.change(session, cora.actor, wish_id=handed_in.id, text=text)
    assert (wish.title, wish.status, wish.verified_at) == ("换一扇窗", Status.RETURNED, None)
    wish_service.submit(session, wish_id=wish.id, by_id=cora.id)
    with pytest.raises(StepRefusedError):
        wish_service.submit(session, wish_id=wish.id, by_id=cora.id)


def test_an_officer_corrects_at_the_wisher_s_wish_and_leaves_a_trace(community, branch, cora, sam, alice, session):
    wish = make_wish(session, community, branch, cora, sam, need="老人独居，三楼")
    said = session.get(Wish, wish.id)
    text = intake.WishText(title=said.title, need="三楼", category=said.category, yuan=said.yuan)
    with pytest.raises(NotChangeableError):
        intake.change(session, cora.actor, wish_id=wish.id, text=text)
    with pytest.raises(NotFoundError):
        intake.change(session, alice.actor, wish_id=wish.id, text=text)
    for _twice in range(2):
        assert intake.change(session, sam.actor, wish_id=wish.id, text=text).need == "三楼"
    (noted,) = history(session, wish.id)
    assert (noted.by, noted.detail["fields"]) == (sam.name, ["need"])
    withdrawal.withdraw(session, wish_id=wish.id, by_id=sam.id)
    with pytest.raises(NotChangeableError):
        intake.change(session, sam.actor, wish_id=wish.id, text=text)


def with_yuan(session, wish, yuan):
    said = session.get_one(Wish, wish.id)
    return intake.WishText(title=said.title, need=said.need, category=said.category, yuan=yuan)


def test_no_officer_makes_a_dear_wish_cheap_and_claims_it(community, branch, cora, sam, dora, session):
    wish = make_wish(session, community, branch, cora, sam, yuan=900)
    with pytest.raises(TooDearError):
        claims.claim(session, dora.actor, wish_id=wish.id)
    for yuan in (100, 201, 500, None):
        with pytest.raises(EstimateLoweredError):
            intake.change(session, dora.actor, wish_id=wish.id, text=with_yuan(session, wish, yuan))
    intake.change(session, dora.actor, wish_id=wish.id, text=with_yuan(session, wish, 501))
    with pytest.raises(TooDearError):
        claims.claim(session, sam.actor, wish_id=wish.id)


def test_whoever_corrected_the_estimate_before_publishing_does_not_claim_it(handed_in, sam, alice, session):
    intake.change(session, sam.actor, wish_id=handed_in.id, text=with_yuan(session, handed_in, 90))
    service.publish(session, sam.actor, wish_id=handed_in.id)
    with pytest.raises(OwnEstimateError):
        claims.claim(session, sam.actor, wish_id=handed_in.id)
    claims.claim(session, alice.actor, wish_id=handed_in.id)


def test_whoever_corrected_the_estimate_reads_why_and_is_offered_no_claim(client, database, handed_in, sam, alice):
    with database.write() as session:
        intake.change(session, sam.actor, wish_id=handed_in.id, text=with_yuan(session, handed_in, 90))
        service.publish(session, sam.actor, wish_id=handed_in.id)
    address = f"/wishes/{handed_in.id}"
    seen = {
        who.name: page(client.get(address, headers=ENGLISH | as_member(who))).main.get_text() for who in (sam, alice)
    }
    assert "Confirm the claim" in seen[alice.name]
    assert "Confirm the claim" not in seen[sam.name]
    assert "You have corrected the estimate of this wish yourself" in seen[sam.name]


@pytest.mark.parametrize("gives_back", [False, True], ids=["holds it", "held it"])
def test_whoever_took_part_corrects_no_text_of_that_wish(community, branch, cora, sam, dora, session, gives_back):
    wish = make_wish(session, community, branch, cora, dora, need="二楼")
    claims.claim(session, sam.actor, wish_id=wish.id)
    if gives_back:
        claims.release(session, sam.actor, wish_id=wish.id)
    text = intake.WishText(title="换一台更好的收音机", need="三楼", category=wish_rules.Category.ELDERLY, yuan=120)
    with pytest.raises(OwnTextError):
        intake.change(session, sam.actor, wish_id=wish.id, text=text)
    assert intake.change(session, dora.actor, wish_id=wish.id, text=text).need == "三楼"


@pytest.mark.parametrize(
    ("before", "after", "passes"),
    [
        (900, 501, True),
        (900, 500, False),
        (900, None, False),
        (201, 200, False),
        (500, 201, True),
        (200, 0, True),
        (None, 1, True),
        (None, None, True),
        (100, 900, True),
    ],
)
def test_a_published_estimate_never_falls_below_a_line(before, after, passes):
    if passes:
        check_estimate(before, after)
        return
    with pytest.raises(EstimateLoweredError):
        check_estimate(before, after)


@for_all(st.integers(1, rules.LAST_DAY), st.dates(date(2020, 1, 1), date(2099, 12, 1)))
def test_the_next_round_is_the_first_such_day_from_today_on(day, today):
    found = rules.next_round(day, today)
    assert found.day == day
    assert timedelta() <= found - today <= timedelta(days=31)

"""In a branch of four with one officer every kind of record gets confirmed: by who was named for it, or from above."""

from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.core.ids import new_id
from app.features.leave.rules import Half, LeaveType, Span
from app.features.members.models import RoleTerm
from app.features.members.posts import proposals
from app.features.members.posts import service as posts
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.kinds import kinds
from app.features.reviews.outcomes import NewReview
from app.features.reviews.waiting import waiting as waiting_for
from tests.features.approvals.test_small_branches import Four, decide, state, waiting
from tests.features.leave.makers import approved, ask
from tests.features.meetings.gatherings.makers import AFTERWARDS, FRIDAY, make_meeting, review_of, tick
from tests.features.shows.duties.makers import make_duty, report
from tests.features.shows.pledges.makers import JANUARY, make_ended, make_submitted
from tests.features.study.makers import make_study_record
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page


def a_study_record(session, four, _carl):
    return make_study_record(session, four.sue, received_at=clock.now())


def a_duty(session, four, _carl):
    return report(session, four.sue, make_duty(session, four.sue)).id


def a_pledge(session, four, _carl):
    with time_machine.travel(JANUARY, tick=False):
        return make_submitted(session, four.sue)[0]


def how_a_pledge_ended(session, four, carl):
    return make_ended(session, four.sue, carl)[1]


def a_leave(session, four, _carl):
    return ask(session, four.sue, leave=LeaveType.OFFICIAL)


def an_attendance(session, four, _carl):
    event_id = make_meeting(session, four.sue)
    tick(session, four.sue, event_id)
    return review_of(session, event_id, four.sue).id


OF_THE_OFFICER = {
    "study.record": (a_study_record, "2026-03-09 10:00:00+08:00"),
    "duty.outcome": (a_duty, "2026-03-09 10:00:00+08:00"),
    "pledge": (a_pledge, JANUARY),
    "pledge.outcome": (how_a_pledge_ended, "2026-12-15 10:00:00+08:00"),
    "leave.request": (a_leave, "2026-03-09 10:00:00+08:00"),
    "meeting.attendance": (an_attendance, AFTERWARDS),
}


@pytest.fixture
def four(given):
    return given(Four)


@pytest.fixture
def named(given, four, carl):
    """Ben, whom the members' meeting named: the secretary proposed it, the committee's officer confirmed."""

    def name():
        proposal = given(
            posts.give_post, four.sue.actor, member_id=four.ben.id, role=Role.SUPERVISOR, starts_on=clock.today()
        )
        given(proposals.confirm, carl.actor, proposal_id=proposal.id)
        return four.ben

    return name


def test_whatever_its_kind_it_waits_for_both_and_for_nobody_else(session, carl):
    four = Four(session)
    ben = make_member(session, four.branch, "本立", roles=(Role.SUPERVISOR,))
    officer_s, member_s = (
        [
            NewReview(
                id=new_id(),
                kind=kind.name,
                branch_id=four.branch.id,
                member_id=one.id,
                recorded_by_id=one.id,
                title=kind.name,
                detail={},
                occurred_on=clock.today(),
                submitted_at=clock.now(),
            )
            for kind in kinds()
        ]
        for one in (four.sue, four.ann)
    )
    reviews.submit(session, [*officer_s, *member_s])
    for decider in (ben, carl):
        assert waiting_for(session, decider.actor).by_kind == {kind.name: 1 for kind in kinds()}
    assert waiting_for(session, four.sue.actor).by_kind == {kind.name: 1 for kind in kinds()}  # those of Ann
    assert waiting_for(session, four.eve.actor).by_kind == {}


@pytest.mark.parametrize("by", ["ben", "carl"], ids=["supervising member", "committee"])
@pytest.mark.parametrize("kind", OF_THE_OFFICER)
def test_the_only_officer_s_record_is_confirmed(client, database, given, four, named, carl, kind, by):
    make, moment = OF_THE_OFFICER[kind]
    with time_machine.travel("2026-01-05 09:00:00+08:00", tick=False):
        decider = named() if by == "ben" else carl
    with time_machine.travel(moment, tick=False):
        own = given(make, four, carl)
        assert page(decide(client, four.sue, own), status=403)
        assert str(own) in waiting(client, decider)
        assert decide(client, decider, own).status_code == 303
        assert state(database, own) == "approved"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_supervising_member_confirms_an_evening_but_the_own_row_and_reads_nothing_else(
    client, database, given, four, named, carl, headers
):
    with time_machine.travel(AFTERWARDS - timedelta(days=1), tick=False):
        ben = named()
    with time_machine.travel(AFTERWARDS, tick=False):
        event_id = given(make_meeting, four.sue)
        given(tick, four.sue, event_id)
        rows = {one.id: given(lambda session, one=one: review_of(session, event_id, one).id) for one in four.everybody}
        member_s = given(make_study_record, four.ann, received_at=clock.now())
        assert waiting(client, ben) == {str(rows[one.id]) for one in (four.sue, four.ann, four.eve)}
        given(approved, four.ann, four.sue, Span(FRIDAY, FRIDAY, Half.AM, Half.EVENING), LeaveType.SICK)
        assert "安宁" not in page(client.get("/leave/branch", headers=as_member(ben))).select_one("main").get_text()
        for address in (f"/approvals/{member_s}", f"/meetings/{event_id}/attendance", "/audit"):
            assert client.get(address, headers=as_member(ben)).status_code in (403, 404)
        form = {"decision": "approve", "ids": [str(one) for one in rows.values()], "acknowledged": "yes"}
        client.post("/approvals/decide", data=form, headers=headers | ENGLISH | as_member(ben))
        assert {state(database, rows[one.id]) for one in (four.sue, four.ann, four.eve)} == {"approved"}
        assert state(database, rows[ben.id]) == "pending"
        assert waiting(client, carl) == {str(rows[ben.id])}
        assert decide(client, carl, rows[ben.id]).status_code == 303


def test_it_ends_with_the_post_and_nobody_names_a_supervisor_alone(client, given, four, named, carl):
    ben = named()
    own = given(make_study_record, four.sue, received_at=clock.now())
    assert waiting(client, ben) == {str(own)}
    term_id = given(lambda session: session.query(RoleTerm).filter_by(member_id=ben.id).one().id)
    given(posts.end_post, carl.actor, member_id=ben.id, term_id=term_id)
    assert client.get("/approvals", headers=as_member(ben)).status_code == 403
    page(decide(client, ben, own), status=403)
    given(posts.give_post, four.sue.actor, member_id=four.eve.id, role=Role.SUPERVISOR, starts_on=clock.today())
    assert client.get("/approvals", headers=as_member(four.eve)).status_code == 403  # it waits for a second person
    assert waiting(client, carl) == {str(own)}

"""Who decides for whom: in a branch of four, where the secretary is the only officer, and in one with several."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.ids import new_id
from app.features.members.models import Member, RoleTerm
from app.features.members.posts import proposals
from app.features.members.posts import service as posts
from app.features.members.rules import Role
from app.features.reviews.models import Review
from tests.features.study.makers import make_study_record
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_general_branch, make_member
from tests.page import page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


class Four:
    """A branch of four: a secretary and three members."""

    def __init__(self, session):
        self.branch = make_branch(session, "第四党支部")
        self.sue = make_member(session, self.branch, "苏珊", roles=(Role.SECRETARY,))
        self.ann = make_member(session, self.branch, "安宁")
        self.ben = make_member(session, self.branch, "班立")
        self.eve = make_member(session, self.branch, "易薇")
        self.everybody = (self.sue, self.ann, self.ben, self.eve)


@pytest.fixture
def four(given):
    return given(Four)


def waiting(client, person):
    soup = page(client.get("/approvals", headers=ENGLISH | as_member(person)))
    return {box["value"] for box in soup.select("input[name=ids]")} | {
        link["href"].rsplit("/", 1)[-1] for link in soup.select("main a[href^='/approvals/']")
    }


def decide(client, person, record, headers=ENGLISH):
    form = {"decision": "approve", "ids": [str(record)], "acknowledged": "yes"}
    return client.post("/approvals/decide", data=form, headers=headers | as_member(person))


def state(database, record):
    with database.read() as session:
        return session.get_one(Review, record).status.value


@BOTH
def test_the_committee_officer_decides_for_the_only_officer(client, database, given, four, carl, headers):
    own = given(make_study_record, four.sue)
    member_s = given(make_study_record, four.ann)
    assert waiting(client, carl) == {str(own)}
    soup = page(client.get("/", headers=ENGLISH | as_member(carl)))
    assert "to approve" in soup.get_text()
    page(client.get(f"/approvals/{own}", headers=as_member(carl)))
    page(client.get(f"/approvals/{member_s}", headers=as_member(carl)), status=404)
    page(decide(client, carl, member_s), status=404)
    assert decide(client, carl, own, headers=headers | ENGLISH).status_code == (200 if headers else 303)
    assert state(database, own) == "approved"


def test_he_takes_it_back_as_well(client, database, given, four, carl):
    own = given(make_study_record, four.sue)
    decide(client, carl, own)
    with database.read() as session:
        decision = session.get_one(Review, own).decision_id
    assert (
        client.post("/approvals/undo", data={"decision_id": str(decision)}, headers=as_member(carl)).status_code == 303
    )
    assert state(database, own) == "pending"


def test_what_the_only_officer_entered_for_a_member_goes_the_same_way(client, database, given, four, carl):
    entered = given(make_study_record, four.ann, recorded_by_id=four.sue.id)
    page(decide(client, four.sue, entered), status=403)
    decide(client, carl, entered)
    assert state(database, entered) == "approved"


def test_the_member_named_by_the_meeting_decides_too(client, database, given, four, carl):
    proposal = given(
        posts.give_post, four.sue.actor, member_id=four.ben.id, role=Role.SUPERVISOR, starts_on=clock.today()
    )
    given(proposals.confirm, carl.actor, proposal_id=proposal.id)
    own = given(make_study_record, four.sue, received_at=clock.now())
    member_s = given(make_study_record, four.ann, received_at=clock.now())
    assert waiting(client, four.ben) == {str(own)}
    page(decide(client, four.ben, member_s), status=404)
    decide(client, four.ben, own)
    assert state(database, own) == "approved"
    his_own = given(make_study_record, four.ben)
    page(decide(client, four.ben, his_own), status=404)
    decide(client, four.sue, his_own)
    assert state(database, his_own) == "approved"


def test_who_was_named_later_leaves_it_to_the_committee(client, database, given, four, carl):
    own = given(make_study_record, four.sue)
    given(posts.give_post, carl.actor, member_id=four.ben.id, role=Role.SUPERVISOR, starts_on=clock.today())
    page(decide(client, four.ben, own), status=403)
    assert state(database, own) == "pending"
    decide(client, carl, own)
    assert state(database, own) == "approved"


def test_where_a_second_officer_decides_nobody_stands_in(client, given, sam, carl):
    own = given(make_study_record, sam)
    assert waiting(client, carl) == set()
    page(decide(client, carl, own), status=404)


def test_an_officer_of_today_does_not_decide_on_an_officer_s_record_of_yesterday(client, database, given, four, carl):
    own = given(make_study_record, four.sue, received_at=clock.now() - timedelta(days=1))
    given(posts.give_post, carl.actor, member_id=four.ann.id, role=Role.DEPUTY, starts_on=clock.today())
    answer = decide(client, four.ann, own)
    page(answer, status=403)
    assert "before your post began" in answer.text
    assert waiting(client, carl) == {str(own)}
    member_s = given(make_study_record, four.ben, received_at=clock.now() - timedelta(days=1))
    decide(client, four.ann, member_s)
    assert state(database, member_s) == "approved"


@pytest.mark.parametrize("has_another", [False, True], ids=["alone", "beside another officer"])
def test_an_earlier_post_of_another_kind_is_no_second_voice(client, database, given, four, carl, has_another):
    """Ben has long stood in where nobody else may; as deputy of today he decides on no older record of an officer."""
    for person, role in [(four.ben, Role.SUPERVISOR), *([(four.ann, Role.ORGANISATION)] if has_another else ())]:
        given(posts.give_post, carl.actor, member_id=person.id, role=role, starts_on=clock.today())
    own = given(make_study_record, four.sue, received_at=clock.now())
    given(posts.give_post, carl.actor, member_id=four.ben.id, role=Role.DEPUTY, starts_on=clock.today())
    assert decide(client, four.ben, own).status_code == (403 if has_another else 303)
    assert state(database, own) == ("pending" if has_another else "approved")
    if has_another:
        decide(client, four.ann, own)
        assert state(database, own) == "approved"


def test_a_post_elsewhere_is_no_earlier_one_here(client, database, given, four, committee, branch, carl):
    """Dan is deputy elsewhere for long; that he leads the committee above began after Sue's record arrived."""
    dan = given(make_member, branch, "戴安", roles=(Role.DEPUTY,))
    own = given(make_study_record, four.sue, received_at=clock.now())
    with database.write() as session:
        session.add(RoleTerm(member_id=dan.id, organisation_id=committee.id, role=Role.COMMITTEE_OFFICER))
    page(decide(client, dan, own), status=403)
    decide(client, carl, own)
    assert state(database, own) == "approved"


def test_the_database_refuses_a_decider_who_came_later(database, given, four):
    own = given(make_study_record, four.sue, received_at=clock.now() - timedelta(days=1))

    def appoint_and_decide(session):
        session.add(RoleTerm(member_id=four.ann.id, organisation_id=four.branch.id, role=Role.DEPUTY))
        session.flush()
        review = session.get_one(Review, own)
        review.status, review.decided_by_id, review.decided_at = "approved", four.ann.id, clock.now()
        review.decision_id = new_id()
        session.flush()

    with pytest.raises(DBAPIError, match="before it arrived"):
        given(appoint_and_decide)


def test_a_deputy_whose_account_the_secretary_made_leaves_it_to_the_committee(client, database, given, four, carl):
    given(posts.give_post, carl.actor, member_id=four.ann.id, role=Role.DEPUTY, starts_on=clock.today())
    with database.write() as session:
        account = session.get_one(Member, four.ann.id)
        account.opened_by_id, account.opened_at = four.sue.id, clock.now()
    own = given(make_study_record, four.sue, received_at=clock.now())
    page(decide(client, four.ann, own), status=403)
    assert waiting(client, carl) == {str(own)}
    decide(client, carl, own)
    assert state(database, own) == "approved"


def test_by_whose_hand_others_came_opens_no_door_to_this_record(client, database, given, four, carl):
    """Eve printed the slip of Ann and has a record of her own: Sue's record is Ann's to decide all the same."""
    given(posts.give_post, carl.actor, member_id=four.ann.id, role=Role.DEPUTY, starts_on=clock.today())
    with database.write() as session:
        ann = session.get_one(Member, four.ann.id)
        ann.opened_by_id, ann.opened_at = four.eve.id, clock.now()
    given(make_study_record, four.eve, received_at=clock.now())
    own = given(make_study_record, four.sue, received_at=clock.now())
    assert waiting(client, carl) == set()
    page(decide(client, carl, own), status=404)
    decide(client, four.ann, own)
    assert state(database, own) == "approved"


def test_nor_does_one_whose_account_her_own_creature_made(client, database, given, four, carl):
    """Sue adds Ann, Ann prints the slip of Ben: Ben's eyes are Sue's, however long the way back is, and if it turns."""
    for person in (four.ann, four.ben):
        given(posts.give_post, carl.actor, member_id=person.id, role=Role.DEPUTY, starts_on=clock.today())
    with database.write() as session:
        ann, ben, sue = (session.get_one(Member, person.id) for person in (four.ann, four.ben, four.sue))
        ann.added_by_id, ann.created_at = four.sue.id, clock.now()
        ben.opened_by_id, ben.opened_at = four.ann.id, clock.now()
        sue.opened_by_id, sue.opened_at = four.eve.id, clock.now()
    own = given(make_study_record, four.sue, received_at=clock.now())
    page(decide(client, four.ben, own), status=403)
    assert waiting(client, carl) == {str(own)}
    with database.write() as session:
        ann = session.get_one(Member, four.ann.id)
        ann.opened_by_id, ann.opened_at = carl.id, clock.now()  # somebody else vouches for Ann
    assert waiting(client, carl) == set()
    decide(client, four.ben, own)
    assert state(database, own) == "approved"


@pytest.mark.parametrize("who", ["sam", "oscar", "alice"])
def test_others_never_decide_there(client, database, given, request, four, who):
    own = given(make_study_record, four.sue)
    answer = decide(client, request.getfixturevalue(who), own)
    assert answer.status_code in (403, 404)
    assert state(database, own) == "pending"


def test_a_committee_officer_of_a_general_branch_stands_in_below_it_only(client, database, given, four, committee):
    general = given(make_general_branch, "机关党总支", committee)
    inside = given(make_branch, "总支第一支部", parent=general)
    lone = given(make_member, inside, "独行", roles=(Role.SECRETARY,))
    gina = given(make_member, inside, "纪娜", roles=(Role.COMMITTEE_OFFICER,), at=general)
    here, elsewhere = given(make_study_record, lone), given(make_study_record, four.sue)
    assert waiting(client, gina) == {str(here)}
    page(decide(client, gina, elsewhere), status=404)
    decide(client, gina, here)
    assert state(database, here) == "approved"


def test_the_queue_costs_few_statements(client, carl, statements):
    statements.clear()
    client.get("/approvals", headers=as_member(carl))
    asked = [sql for sql in statements if sql.startswith(("SELECT", "WITH"))]
    assert len(asked) <= 5


@pytest.mark.parametrize(
    ("at", "is_of_an_officer"), [("23:30", True), ("07:30", False)], ids=["last evening", "next morning"]
)
def test_a_post_ends_with_the_branch_s_day_not_with_that_of_utc(
    client, database, given, four, carl, at, is_of_an_officer
):
    """Sue was secretary until 9 March; what she records the next morning is a member's, for Ann, who came after."""
    day = "2026-03-09" if is_of_an_officer else "2026-03-10"
    with database.write() as session:
        session.query(RoleTerm).filter_by(member_id=four.sue.id).one().ends_on = date(2026, 3, 9)
    with time_machine.travel(f"{day} {at}:00+08:00", tick=False):
        own = given(make_study_record, four.sue, received_at=clock.now())
    with time_machine.travel("2026-03-10 09:00:00+08:00", tick=False):
        given(posts.give_post, carl.actor, member_id=four.ann.id, role=Role.SECRETARY, starts_on=clock.today())
        assert waiting(client, carl) == ({str(own)} if is_of_an_officer else set())
        assert decide(client, four.ann, own).status_code == (403 if is_of_an_officer else 303)
    assert state(database, own) == ("pending" if is_of_an_officer else "approved")
    if is_of_an_officer:
        _refused_by_the_database(given, own, four.ann)


def _refused_by_the_database(given, own, decider):
    def write(session):
        review = session.get_one(Review, own)
        review.status, review.decided_by_id, review.decided_at = "approved", decider.id, clock.now()
        review.decision_id = new_id()
        session.flush()

    with pytest.raises(DBAPIError, match="before it arrived"):
        given(write)

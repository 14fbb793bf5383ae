"""The page of today of an officer: every queue with its number and one way on, and the text for the group chat."""

from datetime import date, timedelta

import pytest
import time_machine

from app.core import clock
from app.features.members.rules import Role
from app.features.shows.pledges.coverage import coverage
from app.features.wishes.carrying.revisits import let_go, take_over
from app.features.wishes.desk import queries as desk
from app.features.wishes.desk.rules import Pile
from tests.features.members.makers import make_exemption
from tests.features.shows.duties.makers import MORNING, make_duty
from tests.features.shows.pledges import makers as pledges
from tests.features.study.makers import make_study_record
from tests.features.wishes.makers import make_collector, make_community, make_realised, make_wish
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

MARCH_LATE = "2026-03-28 10:00:00+08:00"


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def today(client):
    return lambda person, address="/": page(client.get(address, headers=as_member(person) | ENGLISH))


def queues(soup):
    """What each says, as a screen reader reads it, and where it leads."""
    rows = soup.select("[aria-labelledby=queues-title] a.row")
    return {row.get_text(" ", strip=True): row["href"] for row in rows}


def test_one_late_duty_is_named_and_leads_to_itself_several_to_their_list(given, today, sam, alice, bob):
    late = given(make_duty, alice, matter="更新办事指南", due_on=date(2026, 3, 2))
    said = queues(today(sam))
    assert said[f"Overdue duties 更新办事指南 · 2 Mar {alice.name}"] == f"/shows/duties/{late}"
    given(make_duty, bob, due_on=date(2026, 3, 5))
    said = queues(today(sam))
    assert said["Overdue duties the oldest of 2 Mar 2"] == "/shows/duties/branch"


def test_who_has_not_pledged_told_or_ended_is_counted_as_on_the_page_of_the_branch(
    database, given, today, sam, alice, dora
):
    given(make_exemption, dora)
    given(pledges.make_approved, alice, sam)
    with database.read() as session:
        missed = coverage(session, sam.branch_id, 2026).without
    assert queues(today(sam))[f"Pledges not written yet {len(missed)} members"] == "/shows/pledges/branch"
    with time_machine.travel(MARCH_LATE, tick=False):
        assert "Progress of Q1 not told yet 1 member" in queues(today(sam))
    with time_machine.travel("2026-05-20 10:00:00+08:00", tick=False):
        assert "Progress of Q1 not told yet 1 member" in queues(today(sam))
    with time_machine.travel(pledges.DECEMBER, tick=False):
        said = queues(today(sam))
        assert "Results of pledges not told yet 1 member" in said
        assert not [each for each in said if "Progress" in each]


def two_wishes(session, branch, officer):
    community = make_community(session, branch)
    collector = make_collector(session, community)
    for _ in range(2):
        make_wish(session, community, branch, collector, officer)


def test_the_desk_of_wishes_is_counted_by_its_own_piles(database, given, today, sam, branch):
    given(two_wishes, branch, sam)
    with database.read() as session:
        piles = desk.numbers(session, sam.actor, clock.today())
    soup = today(sam, "/wishes/desk")
    for pile in Pile:
        rows = soup.select(f"#pile-{pile.value} a[href^='/wishes/desk/']")
        assert len(rows) == piles[pile], pile
    assert sum(piles.values()) == 2


def test_looking_back_is_counted_from_its_day_until_somebody_takes_it_over(given, today, sam, alice, bob, branch):
    community = given(make_community, branch)
    collector = given(make_collector, community)
    wish = given(make_realised, given(make_wish, community, branch, collector, sam), alice, collector)
    told = "Micro-wishes to look back at 1"
    with time_machine.travel(MORNING + timedelta(days=13), tick=False):
        assert told not in queues(today(sam))
        given(take_over, bob.actor, wish_id=wish.id)
    with time_machine.travel(MORNING + timedelta(days=14), tick=False):
        assert told not in queues(today(sam))
        given(let_go, bob.actor, wish_id=wish.id)
        assert queues(today(sam))[told] == "/wishes/desk#pile-revisit"


def test_a_member_has_no_such_list(given, today, alice, bob):
    given(make_duty, bob, due_on=date(2026, 3, 2))
    assert queues(today(alice)) == {}
    assert not today(alice).select("a[href='/today/text']")


def test_what_waits_long_and_what_only_another_officer_may_decide_is_said(given, today, branch, sam, alice):
    deputy = given(make_member, branch, "甘德", roles=(Role.DEPUTY,))
    with time_machine.travel(MORNING - timedelta(days=8), tick=False):
        given(make_study_record, sam, received_at=MORNING - timedelta(days=8))
    given(make_study_record, alice)
    card = today(deputy).select_one(".do")
    assert "2 records to approve" in today(deputy).h1.get_text()
    said = card.get_text(" ", strip=True)
    assert "1 has waited for more than a week" in said
    assert "1 is of an officer or entered by one, who may not decide on it" in said


@pytest.mark.parametrize(
    ("role", "way"),
    [
        (Role.COMMITTEE_OFFICER, "/organisations/board"),
        (Role.BUSINESS_ADMINISTRATOR, "/organisations"),
        (Role.SYSTEM_ADMINISTRATOR, "/system"),
        (Role.AUDIT_ADMINISTRATOR, "/audit"),
    ],
)
def test_whose_work_is_above_the_branches_begins_there(given, today, committee, branch, role, way):
    person = given(make_member, branch, "岳新", roles=(role,), at=committee)
    assert today(person).select_one(".do a.btn")["href"] == way


def test_the_text_for_the_group_chat_names_what_is_due_and_nobody(given, today, client, sam, alice, bob):
    given(make_duty, alice, matter="归档文书", due_on=date(2026, 3, 12))
    given(make_duty, bob, matter="已经过期的事", due_on=date(2026, 3, 2))
    soup = today(sam, "/today/text")
    text = soup.select_one("textarea").get_text()
    assert "By 12 Mar: 归档文书" in text
    assert "one tap on the page “Today” by 31 Mar" in text
    for name in (alice.name, bob.name, "已经过期的事"):
        assert name not in text
    assert soup.select_one("[data-copy]").has_attr("hidden")  # without a script the text is there to be selected
    assert client.get("/today/text", headers=as_member(alice)).status_code == 403

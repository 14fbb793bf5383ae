"""The page of today: what there is to do, never how much one has not done."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.features.study.makers import make_approved_study, make_returned_study, make_study_record
from tests.makers import ENGLISH, as_member
from tests.page import page

OF_EVERYBODY = {
    "/study",
    "/study/plan",
    "/volunteering",
    "/meetings",
    "/ballots",
    "/sheet",
    "/leave",
    "/members",
    "/shows/wall",
}
MONDAY = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_monday_in_march():
    with time_machine.travel(MONDAY, tick=False):
        yield


def today(client, person, **headers):
    return page(client.get("/", headers=as_member(person) | headers))


def titles(soup):
    return [heading.get_text(" ", strip=True) for heading in soup.select("main h2")]


def test_visitors_are_sent_to_the_door(client):
    response = client.get("/")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")


def test_the_greeting_names_day_branch_and_person(client, alice):
    with time_machine.travel(SUNDAY, tick=False):
        soup = today(client, alice, **{"Accept-Language": "zh-CN"})
    head = soup.select_one("header.head").get_text(" ", strip=True)
    assert all(said in head for said in ("11月22日 星期日", alice.branch_name, alice.name))


def test_nothing_to_do_is_said_kindly(client, alice):
    soup = today(client, alice, **ENGLISH)
    assert soup.h1.get_text(strip=True) == "Nothing to do"
    assert soup.select_one("main section a.btn[href='/study/new']")


def test_a_queue_is_one_matter_however_long(client, sam, alice, bob, given):
    for person in (alice, bob, alice):
        given(make_study_record, person)
    soup = today(client, sam, **ENGLISH)
    assert soup.h1.get_text(strip=True) == "3 records to approve"
    card = soup.select_one("main .do")
    assert card.h2.get_text() == "2 can be approved together, 1 wants to be looked at"
    assert card.select_one("a.wide")["href"] == "/approvals"


def test_an_officer_s_own_record_is_not_the_officer_s_to_decide(client, sam, given):
    given(make_study_record, sam)
    soup = today(client, sam)
    assert not soup.select("a[href='/approvals'].wide")


def test_other_branches_records_are_not_seen(client, oscar, alice, given):
    given(make_study_record, alice, title="只在第一党支部")
    assert "只在第一党支部" not in client.get("/", headers=as_member(oscar)).text
    assert not today(client, oscar).select("a[href='/approvals'].wide")


def test_a_returned_record_is_offered_for_correction_with_its_reason(client, alice, sam, given):
    record = given(make_returned_study, alice, sam).id
    soup = today(client, alice, **ENGLISH)
    assert soup.h1.get_text(strip=True) == "1 thing to do"
    assert "请写明学了什么" in soup.main.get_text()
    assert soup.select_one(f"a[href='/study/new?corrects={record}']")


def test_once_corrected_it_only_waits(client, alice, sam, given):
    record = given(make_returned_study, alice, sam).id
    given(make_study_record, alice, title="更正后的题目", corrects_id=record)
    soup = today(client, alice, **ENGLISH)
    assert not soup.select("a[href^='/study/new?corrects']")
    assert "更正后的题目" in soup.main.get_text()
    assert "Nothing to do" in soup.h1.get_text()


def test_after_a_month_nobody_is_reminded_of_it_any_more(client, alice, sam, given):
    with time_machine.travel(SUNDAY, tick=False) as travel:
        given(make_returned_study, alice, sam)
        travel.shift(timedelta(days=30))
        assert today(client, alice).select("a[href^='/study/new?corrects']")
        travel.shift(timedelta(seconds=1))
        assert not today(client, alice).select("a[href^='/study/new?corrects']")


def test_what_waits_for_an_officer_is_shown_in_part(client, alice, given):
    for number in range(5):
        given(make_study_record, alice, title=f"第{number}章")
    soup = today(client, alice)
    card = soup.select_one("[aria-labelledby=waiting-title]")
    assert card.h2.get_text(" ", strip=True).endswith("5")
    assert len(card.select(":scope > .rows a[href^='/study#record-row-']")) == 3
    assert len(card.select("details a[href^='/study#record-row-']")) == 2


def test_the_year_so_far_with_its_way_to_the_sheet(client, alice, sam, given):
    given(make_approved_study, alice, sam)
    soup = today(client, alice)
    assert soup.select_one(".fig b").get_text(strip=True)
    assert soup.select_one(".year")["aria-label"]
    assert soup.select_one("a.st[href='/sheet']")


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        (
            "sam",
            {
                "/approvals",
                "/shows/branch",
                "/quarter",
                "/sheets",
                "/appointments",
                "/slips",
                "/roster",
                "/study/new?for_other=yes",
                "/appraisals",
                "/study/hours/lists",
                "/study/questions",
                "/decided",
                "/sync/file",
                "/wishes/desk",
            },
        ),
        ("alice", set()),
        (
            "carl",
            {
                "/approvals",
                "/appointments",
                "/appraisals",
                "/study/hours/lists",
                "/study/questions",
                "/organisations",
                "/organisations/board",
                "/wishes/months",
            },
        ),
    ],
)
def test_everybody_finds_the_ways_of_the_own_post_here_on_a_phone(client, request, who, ways):
    soup = today(client, request.getfixturevalue(who))
    assert {link["href"] for link in soup.select("main nav a")} == ways | OF_EVERYBODY


def test_the_tabs_lead_to_what_members_do_most(client, alice):
    tabs = today(client, alice).select("nav.tabs a")
    assert [tab["href"] for tab in tabs if "desk" not in tab.get("class", ())] == [
        "/", "/shows", "/study/new", "/wishes", "/me"
    ]  # fmt: skip
    assert {"/study", "/sheet"} <= {tab["href"] for tab in tabs if "desk" in tab.get("class", ())}


def test_it_costs_few_statements_whatever_waits(client, sam, alice, bob, given, statements):
    for person in (alice, bob, sam) * 4:
        given(make_study_record, person)
    today(client, sam)
    statements.clear()
    today(client, sam)
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    # six of the sheet, eleven of an officer's queues, one each of notice, complaints, meetings, make-ups, own leave,
    # days off, two of objections: the own answers, and what waits for an answer, and two of publicities: what is open,
    # and which step waits, two of democratic reviews: a ballot that is open, and what waits for a second word, and one
    # of entries; one of quizzes that are open, one of the month's plan; one of tokens that other systems want
    assert len(asked) == 45

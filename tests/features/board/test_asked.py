"""What is asked of each branch, for the committee's officer: by name, in the words its own secretary reads."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import event

from app.features.board import queries
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.members.models import Member, Organisation
from tests.features.meetings.gatherings.makers import make_meeting, tick
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_general_branch, make_member
from tests.page import fragment, page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
BOARD = "/organisations/board"
ASKED = f"{BOARD}/asked"


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with time_machine.travel(datetime(2026, 11, 29, 4, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def met(given, branch, other_branch, sam):
    """The first branch has held in October what a month asks for, the other nothing; both are there since October."""

    def make(session):
        for place in (branch, other_branch):
            session.get_one(Organisation, place.id).created_at = datetime(2026, 10, 1, tzinfo=UTC)
        asked = {"day": date(2026, 10, 9), "reason": "补"}
        for kinds in ([Kind.THEME_DAY], [Kind.GROUP]):
            tick(session, sam, make_meeting(session, sam, *kinds, **asked))

    given(make)


def look(client, person, address=ASKED, headers=None):
    response = client.get(address, headers=ENGLISH | (headers or {}) | as_member(person))
    return (fragment if headers else page)(response)


def lines(soup):
    return {
        one["aria-label"]: " ".join(one.dl.get_text(" ", strip=True).split())
        for one in soup.select("section[aria-label]")
    }


@BOTH
@pytest.mark.usefixtures("met")
def test_each_branch_stands_by_name_with_the_line_its_secretary_reads(client, carl, sam, branch, other_branch, headers):
    found = lines(look(client, carl, headers=headers))
    assert list(found) == [cell.get_text(strip=True) for cell in look(client, carl, BOARD).select("tbody th")]
    own = look(client, sam, "/meetings/calendar").select_one("#asked dl")
    assert found[branch.name] == " ".join(own.get_text(" ", strip=True).split())
    assert "Missing Theme Party day October 2026" in found[other_branch.name]
    assert "%" not in " ".join(found.values())


@BOTH
@pytest.mark.usefixtures("met")
def test_those_with_something_missing_alone(client, carl, branch, other_branch, headers):
    found = lines(look(client, carl, f"{ASKED}?missing=yes", headers))
    assert other_branch.name in found
    assert branch.name not in found
    assert all(line.startswith("Missing ") for line in found.values())


def test_a_branch_of_two_is_a_hint_for_the_committee(client, given, carl, branch):
    small = given(make_branch, "小支部")
    given(make_member, small)
    hint = "a joint branch is to be considered"
    found = {one["aria-label"]: one.get_text() for one in look(client, carl).select("section[aria-label]")}
    assert hint in found[small.name]
    assert hint not in found[branch.name]


def test_page_by_page_and_looked_for(client, given, carl, committee):
    general = given(make_general_branch, "总支", committee)
    for number in range(queries.ASKED):
        given(make_branch, f"阿{number:02}支部", parent=general)
    first = look(client, carl)
    (link,) = [one["href"] for one in first.select("#board-asked a.btn") if "after=" in one["href"]]
    second = look(client, carl, link)
    assert len(lines(first)) == queries.ASKED
    assert lines(second)
    assert lines(first).keys().isdisjoint(lines(second))
    assert list(lines(look(client, carl, f"{ASKED}?q=阿03支部"))) == ["阿03支部"]


def test_it_is_for_who_sees_numbers_of_all_branches_and_costs_the_same_for_more(
    client, given, database, carl, sam, alice
):
    for person in (sam, alice):
        assert client.get(ASKED, headers=as_member(person)).status_code == 403

    def statements():
        found = []
        event.listen(database.reader, "before_cursor_execute", record := lambda *said: found.append(said[2]))
        look(client, carl)
        event.remove(database.reader, "before_cursor_execute", record)
        return len(found)

    look(client, carl)
    before = statements()
    for number in range(5):
        given(make_member, given(make_branch, f"新{number}支部"))
    assert statements() == before


@pytest.mark.usefixtures("english")
def test_a_branch_that_everybody_has_left_is_asked_until_then(session, given, branch, other_branch):

    session.get_one(Organisation, other_branch.id).created_at = datetime(2026, 1, 1, tzinfo=UTC)
    for member in session.query(Member).where(Member.branch_id == other_branch.id):
        member.left_on = date(2026, 5, 15)
    session.flush()
    asked = standing(session, other_branch.id, 2026, date(2026, 11, 29)).asked
    assert {one.last for one in asked if one.kind is Kind.THEME_DAY} == {
        date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30))
    }
    assert {one.last for one in asked if one.kind is Kind.MEMBERS_MEETING} == {date(2026, 3, 31)}

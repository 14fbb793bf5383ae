"""The committee's board: one row a branch by name, numbers that agree with the branch's own pages, and no ranking."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine

from app.features.board.queries import PAGE
from app.features.members.names import place_key
from app.features.members.rules import ExemptionKind, Role
from app.features.shows.duties.coverage import coverage as duties_of
from app.features.shows.pledges.coverage import coverage as pledges_of
from app.features.shows.pledges.service import remove_draft, withdraw
from tests.features.members.makers import make_business_administrator, make_exemption
from tests.features.reviews.makers import make_review
from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_draft, make_submitted
from tests.features.sign_in.makers import make_newcomer
from tests.features.wishes.makers import make_collector, make_community, make_wish
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_general_branch, make_member
from tests.page import fragment, page

TODAY = datetime(2026, 11, 29, 4, tzinfo=UTC)
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with time_machine.travel(TODAY, tick=False):
        yield


def look(client, person, address="/organisations/board", headers=None):
    response = client.get(address, headers=ENGLISH | (headers or {}) | as_member(person))
    return (fragment if headers else page)(response)


def cells(soup, branch):
    row = next(row for row in soup.select("table tbody tr") if row.th.get_text(strip=True) == branch.name)
    return [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")]


def names(soup):
    return [cell.get_text(strip=True) for cell in soup.select("tbody th")]


def test_a_row_says_whom_to_ring_and_where_help_is_needed(client, carl, sam, alice, bob, branch, given):
    given(make_newcomer, branch)
    given(make_review, alice, submitted_at=datetime(2026, 11, 20, 4, tzinfo=UTC))
    given(make_review, bob, submitted_at=datetime(2026, 11, 25, 4, tzinfo=UTC))
    given(make_duty, alice, due_on=date(2026, 11, 20))
    given(make_duty, alice, due_on=date(2026, 12, 20))
    given(make_submitted, bob)
    collector = given(make_collector, community := given(make_community, branch))
    given(make_wish, community, branch, collector, sam)
    assert cells(look(client, carl), branch) == [
        sam.name,
        sam.phone,
        "4 of 5",
        "1 over 7 days",
        "4 without",
        "1 overdue",
        "1 not finished",
    ]


def test_numbers_are_those_of_the_branch_s_own_pages(client, carl, alice, bob, sam, dora, branch, given, database):
    """Who is exempt is not missed, a draft is nothing handed in, and what came back is not settled."""
    eve = given(make_member, branch, "易文")
    for person in (bob, eve):
        given(make_exemption, person, ExemptionKind.RETIRED)
    for pledge_id in given(make_submitted, eve):
        given(remove_draft, eve.actor, pledge_id=given(withdraw, eve.actor, pledge_id=pledge_id))
    given(make_draft, alice)
    given(make_draft, bob)  # exempt, and not asked
    given(make_submitted, sam)
    for due in (date(2025, 12, 31), date(2026, 3, 1), date(2026, 12, 1)):
        given(make_duty, dora, due_on=due)
    with database.read() as session:
        missed = pledges_of(session, branch.id, 2026).without
        overdue = duties_of(session, branch.id, 2026).overdue
    row = cells(look(client, carl), branch)
    assert row[4] == f"{len(missed)} without" == "2 without"
    assert row[5] == f"{overdue} overdue" == "2 overdue"
    behind = look(client, carl, f"/organisations/board/{branch.id}")
    (unwritten,) = behind.find(id="pledges").find_all("dt", string="not yet written")
    assert unwritten.find_next("dd").get_text(strip=True) == "2 members"


def test_branches_go_by_name_whatever_their_numbers(client, carl, alice, branch, other_branch, given):
    for _record in range(3):
        given(make_review, alice, submitted_at=datetime(2026, 11, 1, 4, tzinfo=UTC))
    found = names(look(client, carl))
    assert found == sorted(found, key=place_key)
    assert names(look(client, carl, "/organisations/board?only=waiting")) == [branch.name]


def test_only_narrows_to_where_something_is(client, carl, alice, branch, other_branch, given):
    empty = given(make_branch, "空支部")
    given(make_duty, alice, due_on=date(2026, 11, 20))
    assert names(look(client, carl, "/organisations/board?only=overdue")) == [branch.name]
    assert empty.name in names(look(client, carl, "/organisations/board?only=no_secretary"))
    assert branch.name not in names(look(client, carl, "/organisations/board?only=no_secretary"))


@BOTH
@pytest.mark.parametrize("typed", ["第二", "殷世", "ysa", "ＹＳＡ"])
def test_a_branch_is_found_by_its_name_or_its_secretary(client, carl, other_branch, oscar, headers, typed):
    assert names(look(client, carl, f"/organisations/board?q={typed}", headers)) == [other_branch.name]


def test_a_branch_is_found_by_its_pinyin(client, carl, given):
    wanted = given(make_branch, "望江门党支部")
    for typed in ("wjm", "wangjiang"):
        assert names(look(client, carl, f"/organisations/board?q={typed}")) == [wanted.name]


def test_nothing_of_this_name(client, carl):
    assert "Nothing of this name" in look(client, carl, "/organisations/board?q=%25").main.get_text()


def test_many_branches_come_in_pages_each_once(client, carl, given):
    for number in range(PAGE + 5):
        given(make_branch, f"第{number + 10}党支部")
    address, found = "/organisations/board", []
    while address:
        soup = look(client, carl, address)
        found += names(soup)
        more = soup.select_one("#board a[href*='after=']")
        address = more["href"] if more else None
    assert len(found) == len(set(found)) == PAGE + 8
    assert found == sorted(found, key=place_key)


def test_each_cell_opens_to_numbers_and_officers_and_no_member(client, carl, alice, sam, branch, given):
    given(make_review, alice, submitted_at=datetime(2026, 11, 20, 4, tzinfo=UTC))
    soup = look(client, carl)
    address = soup.select_one(f"a[href='/organisations/board/{branch.id}#waiting']")["href"]
    opened = look(client, carl, address)
    assert "1, the oldest since 20 Nov" in opened.main.get_text()
    assert sam.name in opened.main.get_text()
    assert alice.name not in opened.main.get_text()
    assert {link["href"].rpartition("#")[2] for link in soup.select("td a[href*='#']")} <= {
        section["id"] for section in opened.select("section[id]")
    }


def test_the_file_has_all_of_them_in_the_same_order(client, carl, sam, branch, given):
    for number in range(PAGE + 5):
        given(make_branch, f"第{number + 10}党支部")
    response = client.get("/organisations/board/branches.xlsx", headers=ENGLISH | as_member(carl))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    found = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert len(found) == PAGE + 8
    assert found == sorted(found, key=place_key)
    own = next(row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == branch.name)
    assert own[:5] == (branch.name, sam.name, sam.phone, 4, 4)


def test_who_leads_a_part_sees_that_part(client, given, committee, branch):
    above = given(make_general_branch, "机关党总支", committee)
    below = given(make_branch, "总支一支部", parent=above)
    lena = given(make_member, branch, "冷娜", roles=(Role.COMMITTEE_OFFICER,), at=above)
    assert names(look(client, lena)) == [below.name]
    page(client.get(f"/organisations/board/{branch.id}", headers=as_member(lena)), 404)
    assert look(client, lena, f"/organisations/board/{below.id}")


def test_the_business_administrator_sees_it_too(client, given, branch, committee):
    bea = given(make_business_administrator, branch, committee)
    assert branch.name in names(look(client, bea))


@pytest.mark.parametrize("who", ["alice", "sam", "olga"])
@pytest.mark.parametrize("place", ["", "/branches.xlsx"])
def test_it_is_for_those_who_look_after_branches(client, request, who, place):
    page(client.get(f"/organisations/board{place}", headers=as_member(request.getfixturevalue(who))), 403)


def test_a_branch_is_found_by_the_digits_of_its_name(client, carl, branch, given):
    fourth = given(make_branch, "机关第401党支部")
    assert names(look(client, carl, "/organisations/board?q=401")) == [fourth.name]


def test_looking_for_a_secretary_is_one_pass_over_the_branches(client, carl, other_branch, oscar, statements):
    def asked(address):
        statements.clear()
        soup = look(client, carl, f"/organisations/board{address}")
        return names(soup), len([sql for sql in statements if sql.startswith("SELECT")])

    (_everything, cost), found = asked(""), asked(f"?q={oscar.name}")
    assert found == ([other_branch.name], cost)


def test_an_overdue_duty_is_found_without_asking_whose_it_is(client, carl, alice, branch, given, statements):
    given(make_duty, alice, due_on=date(2026, 11, 20))
    statements.clear()
    assert names(look(client, carl, "/organisations/board?only=overdue")) == [branch.name]
    (narrowed,) = [sql for sql in statements if "FROM organisations" in sql and "duties" in sql]
    assert "duty_hand_overs" not in narrowed
    assert "duty_progress" not in narrowed


def test_half_an_hour_past_midnight_yesterday_is_over(client, carl, alice, branch, given):
    given(make_duty, alice, due_on=date(2026, 11, 29))
    overdue = "/organisations/board?only=overdue"
    assert names(look(client, carl, overdue)) == []
    with time_machine.travel(datetime(2026, 11, 29, 16, 30, tzinfo=UTC), tick=False):  # 00:30 of the 30th in Shanghai
        assert names(look(client, carl, overdue)) == [branch.name]

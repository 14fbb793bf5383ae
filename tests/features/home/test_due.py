"""What is due on the page of today: from every stream, the nearest first, each thing once."""

from datetime import date

import pytest
import time_machine

from app.core.ids import new_id
from app.features.notices import service as notices
from app.features.reviews import service as reviews
from app.features.shows.duties import service
from app.features.shows.duties.due import DUE
from app.features.shows.duties.rules import DutyResult
from app.features.shows.pledges import queries as pledge_queries
from app.features.shows.pledges.due import PLEDGES
from app.features.shows.pledges.rules import Progress
from app.features.wishes.due import WISHES
from app.features.wishes.wisher.service import withdraw
from tests.features.notices.makers import SOURCE, make_reminder
from tests.features.shows.duties.makers import MORNING, TODAY, decide, make_duty, report
from tests.features.shows.pledges import makers as pledge_makers
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_wish
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def today(client):
    return lambda person: page(client.get("/", headers=as_member(person) | ENGLISH))


def lines(soup):
    """The card of the page and the rows below it: where each leads or is answered, and what it is about."""
    found = [(card, card.h2) for card in soup.select(".do")]
    found += [(title.find_parent("li"), title) for title in soup.select("[aria-labelledby=due-title] b.t")]
    return [(way(holder), title.get_text(strip=True)) for holder, title in found]


def way(holder):
    link = holder.select_one("a[href]")
    return link["href"] if link else holder.select_one("form")["action"]


def returned_duty(session, member, officer):
    duty_id = make_duty(session, member, due_on=date(2026, 3, 12))
    decide(session, officer, report(session, member, duty_id), reason="请写明结果")
    return duty_id


def test_duties_stand_there_nearest_first_with_what_is_late(given, today, alice):
    later = given(make_duty, alice, matter="整理台账", due_on=date(2026, 3, 14))
    late = given(make_duty, alice, matter="归档文书", due_on=date(2026, 3, 6))
    given(make_duty, alice, matter="年底的事", due_on=date(2026, 12, 1))
    soup = today(alice)
    assert lines(soup) == [(f"/shows/duties/{late}", "归档文书"), (f"/shows/duties/{later}", "整理台账")]
    assert "2 things to do" in soup.h1.get_text()


def test_what_others_have_to_do_is_theirs(given, today, alice, bob, sam, olga):
    given(make_duty, alice, due_on=date(2026, 3, 10))
    for person in (bob, sam, olga):
        assert lines(today(person)) == []


def test_what_was_reported_waits_for_an_officer_and_not_for_me(given, today, alice):
    duty_id = given(make_duty, alice, due_on=date(2026, 3, 10))
    given(report, alice, duty_id, DutyResult.DONE)
    soup = today(alice)
    assert lines(soup) == []
    assert "Nothing to do" in soup.h1.get_text()


def test_a_returned_report_is_one_matter_with_its_reason(given, today, alice, sam):
    given(returned_duty, alice, sam)
    soup = today(alice)
    assert len(lines(soup)) == 1
    assert "1 thing to do" in soup.h1.get_text()
    assert "请写明结果" in soup.main.get_text()
    assert soup.find("a", string="Correct it")["href"].startswith("/shows/duties/reports/")


def returned_pledge(session, member, officer):
    pledge_id, _other = pledge_makers.make_submitted(session, member, "加强学习", "每月走访一户")
    reviews.return_to_member(session, officer.actor, [pledge_id], reason="请写得可以检查")
    return pledge_id


def test_a_quarter_asks_for_a_tap_and_a_january_for_pledges(given, today, alice, sam):
    one, other = given(pledge_makers.make_approved, alice, sam)
    with time_machine.travel(pledge_makers.MARCH, tick=False):
        assert sorted(lines(today(alice))) == sorted(
            [
                (f"/shows/pledges/{one}/progress", "信访件 5 个工作日内答复"),
                (f"/shows/pledges/{other}/progress", "每月研读一部法规"),
            ]
        )
    with time_machine.travel(pledge_makers.JANUARY, tick=False):
        assert lines(today(sam))[0][1] == "Write this year's pledges"


def test_a_returned_pledge_is_one_matter_and_no_reminder_of_it_comes_on_top(given, today, alice, sam, database):
    pledge_id = given(returned_pledge, alice, sam)
    with database.write() as session:
        assert notices.raise_due(session, PLEDGES, MORNING) == 1
    soup = today(alice)
    assert len(lines(soup)) == 1
    assert "1 thing to do" in soup.h1.get_text()
    assert soup.find("a", string="Correct it")["href"] == f"/shows/pledges/{pledge_id}/correct"


def hand_over(session, officer, duty_id, colleague):
    service.hand_over(session, officer.actor, duty_id=duty_id, to_id=colleague.id, starts_on=TODAY)


def claimed_wish(session, member, branch, officer):
    community = make_community(session, branch)
    wish = make_wish(session, community, branch, make_collector(session, community), officer)
    return make_claimed(session, wish, member)


def test_what_comes_next_with_a_claimed_wish_stands_there(given, today, alice, bob, sam, branch):
    wish = given(claimed_wish, alice, branch, sam)
    assert lines(today(alice)) == [(f"/wishes/{wish.id}", f"Call about the wish “{wish.title}” by 16 Mar")]
    assert lines(today(bob)) == []


def test_a_reminder_stands_below_and_can_be_put_aside_on_the_spot(given, today, client, alice):
    subject_id = given(make_reminder, alice, "责任清单")
    soup = today(alice)
    assert "1 thing to do" in soup.h1.get_text()
    form = soup.select_one(f"#reminder-row-test-matter-{subject_id} form[action$=put-aside]")
    assert "Put aside" in fragment(client.post(form["action"], headers=as_member(alice) | HTMX | ENGLISH)).get_text()
    assert "Nothing to do" in today(alice).h1.get_text()


def test_without_scripts_putting_aside_leads_back_here(given, client, alice):
    subject_id = given(make_reminder, alice)
    address = f"/me/reminders/{SOURCE.name}/{subject_id}/put-aside"
    response = client.post(address, headers=as_member(alice) | {"Referer": "http://testserver/"})
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_a_reminder_adds_nothing_to_what_stands_there_as_it_is(given, today, alice, bob, sam, database):
    duty_id = given(make_duty, alice, matter="归档文书", due_on=date(2026, 3, 10))
    with database.write() as session:
        assert notices.raise_due(session, DUE, MORNING) == 1
    assert lines(today(alice)) == [(f"/shows/duties/{duty_id}", "归档文书")]
    given(hand_over, sam, duty_id, bob)
    assert lines(today(alice)) == []
    assert "Nothing to do" in today(alice).h1.get_text()
    assert lines(today(bob)) == [(f"/shows/duties/{duty_id}", "归档文书")]


def test_that_a_wish_is_over_is_news(given, today, alice, branch, sam, database):
    wish = given(claimed_wish, alice, branch, sam)
    given(withdraw, wish_id=wish.id)
    with database.write() as session:
        assert notices.raise_due(session, WISHES, MORNING) == 1
    assert "is over" in today(alice).select_one("li.reminder").get_text()


def test_many_are_shown_in_part(given, today, alice):
    for number in range(9):
        given(make_duty, alice, matter=f"第{number}件", due_on=date(2026, 3, 10))
    soup = today(alice)
    folded = soup.select_one("[aria-labelledby=due-title] details")
    assert folded.summary.get_text(strip=True) == "2 more"
    assert len(folded.select("a.row[href^='/shows/duties/']")) == 2
    assert "9 things to do" in soup.h1.get_text()


def test_it_costs_the_same_however_much_is_due(given, today, alice, statements):
    given(make_duty, alice, due_on=date(2026, 3, 10))
    today(alice)
    statements.clear()
    today(alice)
    few = len(statements)
    for number in range(5):
        given(make_duty, alice, matter=f"第{number}件", due_on=date(2026, 3, 11))
        given(make_reminder, alice)
    statements.clear()
    today(alice)
    assert len(statements) == few <= 25


def tap_form(soup, title):
    """The question of a pledge on the page of today: where it is sent, and what goes along."""
    holder = soup.find(string=title).find_parent(class_=["do", "row"])
    form = holder.select_one("form")
    return form["action"], {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


PLEDGE = "信访件 5 个工作日内答复"


@pytest.mark.parametrize(("moment", "quarter"), [(pledge_makers.MARCH, 1), ("2026-05-20 10:00:00+08:00", 1)])
def test_a_quarter_is_answered_where_it_is_asked_and_a_missed_one_until_the_next(
    given, today, client, alice, sam, database, moment, quarter
):
    one, _other = given(pledge_makers.make_approved, alice, sam)
    with time_machine.travel(moment, tick=False):
        address, fields = tap_form(today(alice), PLEDGE)
        for _twice in range(2):
            answer = client.post(address, data=fields | {"state": "on_track"}, headers=as_member(alice))
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert PLEDGE not in [title for _way, title in lines(today(alice))]
        with database.read() as session:
            (said,) = pledge_queries.one(session, alice.actor, one).progress
        assert (said.quarter, said.state) == (quarter, Progress.ON_TRACK)


def test_done_leads_to_the_end_of_the_pledge(given, today, client, alice, sam):
    one, _other = given(pledge_makers.make_approved, alice, sam)
    with time_machine.travel(pledge_makers.MARCH, tick=False):
        address, fields = tap_form(today(alice), PLEDGE)
        answer = client.post(address, data=fields | {"state": "done"}, headers=as_member(alice))
    assert answer.headers["location"] == f"/shows/pledges/{one}/ending"


def test_the_fourth_quarter_is_not_asked_twice_its_word_is_how_the_pledge_ended(given, today, alice, sam):
    one, other = given(pledge_makers.make_approved, alice, sam)
    with time_machine.travel("2026-11-29 10:00:00+08:00", tick=False):
        assert tap_form(today(alice), PLEDGE)[1]["quarter"] == "3"
    with time_machine.travel(pledge_makers.DECEMBER, tick=False):
        soup = today(alice)
        assert not soup.select("main form[action$=progress]")
        assert {way for way, _title in lines(soup)} == {f"/shows/pledges/{name}/ending" for name in (one, other)}


def test_of_a_quarter_that_was_over_or_has_not_begun_nothing_is_said(given, client, today, alice, sam):
    with time_machine.travel("2026-04-10 10:00:00+08:00", tick=False):
        pledge_id, *_rest = given(pledge_makers.make_submitted, alice)
        given(lambda session: reviews.approve(session, sam.actor, [pledge_id]) and None)
    with time_machine.travel("2026-05-20 10:00:00+08:00", tick=False):
        assert lines(today(alice)) == []
        for quarter in ("1", "3"):
            tap = {"id": str(new_id()), "state": "on_track", "quarter": quarter}
            refused = client.post(f"/shows/pledges/{pledge_id}/progress", data=tap, headers=as_member(alice))
            assert refused.status_code == 422


def test_what_comes_later_is_known_and_nothing_to_do(given, today, alice):
    duty_id = given(make_duty, alice, matter="下月的事", due_on=date(2026, 4, 2))
    soup = today(alice)
    assert "Nothing to do" in soup.h1.get_text()
    assert [row["href"] for row in soup.select("[aria-labelledby=ahead-title] a.row")] == [f"/shows/duties/{duty_id}"]


def test_what_an_officer_is_advised_to_ask_is_not_for_the_sender(given, client, today, alice, sam):
    with time_machine.travel(pledge_makers.JANUARY, tick=False):
        given(pledge_makers.make_submitted, alice, "进一步加强学习", "每月走访一户")
        mine = today(alice).main.get_text(" ", strip=True)
        queue = page(client.get("/approvals", headers=as_member(sam) | ENGLISH)).get_text(" ", strip=True)
    assert "进一步加强学习" in mine
    assert "hollow" in queue
    assert "hollow" not in mine

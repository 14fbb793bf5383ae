"""One act has one end: what is done is handed in where it is said; a pledge is written and handed in at once."""

from datetime import date

import pytest
import time_machine

from app.core.ids import new_id
from app.features.shows.pledges import page as year_page
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import day_named
from app.features.shows.pledges.rules import Ending, PledgeState
from tests.features.shows.pledges.makers import (
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MARCH,
    make_approved,
    make_ended,
    make_submitted,
)
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page

PAGE = "/shows/pledges"


@pytest.fixture
def by_id(database):
    def look(person):
        with database.read() as session:
            return {pledge.id: pledge for pledge in queries.of_member(session, person.id, 2026)}

    return look


def typed(**other):
    said = {"side": "work", "text": "走访 2 户困难群众", "sign": "走访记录 2 份", "due_on": "2026-12-20"}
    return {"id": str(new_id()), **said, **other}


def test_done_opens_the_end_as_kept_and_one_tap_hands_it_in(client, given, by_id, alice, sam):
    pledge_id, _other = given(make_approved, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        said = {"id": str(new_id()), "state": "done"}
        answer = client.post(f"{PAGE}/{pledge_id}/progress", data=said, headers=ENGLISH | HTMX | as_member(alice))
        card = fragment(answer)
        assert "Result: Kept" in " ".join(card.get_text(" ").split())
        form = card.find("form", action=f"{PAGE}/{pledge_id}/ending")
        sent = {one["name"]: one["value"] for one in form.find_all("input")}
        assert client.post(form["action"], data=sent, headers=as_member(alice)).status_code == 303
    with time_machine.travel(DECEMBER, tick=False):
        pledge = by_id(alice)[pledge_id]
    assert (pledge.state, pledge.outcome) == (PledgeState.DONE, Ending.DONE)


def test_the_answer_that_was_given_is_marked(client, given, alice, sam):
    pledge_id, _other = given(make_approved, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        said = {"id": str(new_id()), "state": "on_track"}
        card = fragment(client.post(f"{PAGE}/{pledge_id}/progress", data=said, headers=HTMX | as_member(alice)))
    assert [one["value"] for one in card.select("button[aria-pressed=true]")] == ["on_track"]


def test_of_quarters_after_the_end_nobody_is_asked(session, alice, sam):
    pledge_id, _outcome_id = make_ended(session, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        assert list(queries.one(session, alice.actor, pledge_id).marks) == [1, 2, 3]
    with time_machine.travel(FEBRUARY, tick=False):
        (other,) = (one for one in queries.of_member(session, alice.id, 2026) if one.id != pledge_id)
        assert list(other.marks) == [1, 2, 3, 4]


def test_of_the_quarter_in_which_it_ended_the_end_is_the_word(client, given, by_id, alice, sam):
    pledge_id, _other = given(make_approved, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        said = {"id": str(new_id()), "ending": "done"}
        client.post(f"{PAGE}/{pledge_id}/ending", data=said, headers=as_member(alice))
        assert list(by_id(alice)[pledge_id].marks) == []


def test_beside_others_a_pledge_is_written_and_handed_in_at_once(client, given, by_id, alice):
    with time_machine.travel(JANUARY, tick=False):
        given(make_submitted, alice)
        form = page(client.get(f"{PAGE}/new", headers=as_member(alice)))
        assert form.select_one("button[name=hand_in]")
        sent = typed(hand_in="yes")
        for _twice in range(2):
            client.post(f"{PAGE}/drafts", data=sent, headers=as_member(alice))
        assert sorted(pledge.state for pledge in by_id(alice).values()) == [PledgeState.SUBMITTED] * 3


def test_a_hollow_one_is_kept_with_its_advice_first(client, given, by_id, alice):
    with time_machine.travel(JANUARY, tick=False):
        given(make_submitted, alice)
        sent = typed(text="努力学习，不断提高", sign="学有所获", hand_in="yes")
        client.post(f"{PAGE}/drafts", data=sent, headers=as_member(alice))
        states = sorted(pledge.state for pledge in by_id(alice).values())
        assert states == [PledgeState.DRAFT, PledgeState.SUBMITTED, PledgeState.SUBMITTED]
        assert "Perhaps hollow" in page(client.get(PAGE, headers=ENGLISH | as_member(alice))).get_text()


def test_the_first_one_is_a_draft(client, alice):
    with time_machine.travel(JANUARY, tick=False):
        assert page(client.get(f"{PAGE}/new", headers=as_member(alice))).select_one("button[name=hand_in]") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6 月底前学完业务法规", date(2026, 6, 30)),
        ("2月前办结", date(2026, 2, 28)),
        ("3 月起，10 月底前说明", date(2026, 10, 31)),
        ("上半年完成", date(2026, 6, 30)),
        ("6月3日前办结", date(2026, 6, 3)),
        ("06月03日前办结", date(2026, 6, 3)),
        ("06月底前办结", date(2026, 6, 30)),
        ("3月5日动员，9 月 10 号前办结", date(2026, 9, 10)),
        ("6月30日常检查", date(2026, 6, 30)),
        ("6月3日常检查", date(2026, 6, 30)),
        ("2月30日前办结", date(2026, 2, 28)),
        ("6月起每3日汇总一次", date(2026, 6, 30)),
        ("6月起 3 日内答复", date(2026, 6, 30)),
        ("每月3日前报送", None),
        ("每3日答复一批", None),
        ("2025年8月的来信 6 月底前办结", date(2026, 6, 30)),
        ("整理2025年12月的档案", None),
        ("每月研读一部法规", None),
        ("3 个月办结", None),
    ],
)
def test_a_sentence_may_name_a_day(text, day):
    assert day_named(text, 2026) == day


def test_suggestions_whose_day_has_passed_are_not_offered_and_others_bring_it(session, alice):
    def offered():
        return year_page.new_form(session, alice.actor, None, None)["suggestions"]

    with time_machine.travel(JANUARY, tick=False):
        (dated,) = (one for one in offered() if one.text.startswith("6 月底前学完"))
        assert year_page.new_form(session, alice.actor, None, dated.id)["due_on"] == date(2026, 6, 30)
    with time_machine.travel(DECEMBER, tick=False):
        assert dated.id not in {one.id for one in offered()}

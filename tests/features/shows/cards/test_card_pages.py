"""The card has three faces: who somebody is, what is pledged, what they are responsible for."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_approved, make_draft
from tests.features.shows.public.makers import make_public
from tests.makers import HTMX, as_member
from tests.page import page

NOVEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOVEMBER, tick=False):
        yield


def faces(soup):
    """The words of the card's second and third face."""
    sections = soup.select("section")
    found = {
        section.h2.contents[0].get_text(strip=True): section.get_text(" ", strip=True)
        for section in sections
        if section.h2
    }
    return found["亮承诺"], found["亮清单"]


def test_an_empty_card_says_what_comes_next(client, alice):
    soup = page(client.get("/shows", headers=as_member(alice)))
    assert soup.select_one(".id h2").get_text() == alice.name
    for path in (f"/shows/members/{alice.id}/identity", "/shows/pledges", "/shows/duties", "/shows/sharing"):
        assert soup.select(f'a[href="{path}"]'), path
        assert client.get(path, headers=as_member(alice)).status_code == 200


def test_what_is_pledged_and_what_is_to_do_stand_on_it(client, given, alice, bob, sam):
    given(make_approved, alice, sam, "信访件五个工作日内答复", "每月研读一部法规")
    given(make_draft, alice, text="还没交的一条")
    given(make_duty, alice, matter="起草执法检查报告")
    for reader, address in ((alice, "/shows"), (bob, f"/shows/members/{alice.id}")):
        pledged, responsible = faces(page(client.get(address, headers=as_member(reader))))
        assert "信访件五个工作日内答复" in pledged
        assert "还没交的一条" not in pledged
        assert "起草执法检查报告" in responsible


def test_a_colleagues_card_offers_nothing_to_change(client, alice, bob):
    soup = page(client.get(f"/shows/members/{alice.id}", headers=as_member(bob)))
    assert soup.select("main form, main a[href$='/identity'], main a[href='/shows/pledges']") == []


def test_pledges_are_public_only_if_ticked_and_the_duty_list_never(client, given, alice, sam):
    given(make_approved, alice, sam, "信访件五个工作日内答复", "每月研读一部法规")
    given(make_duty, alice, matter="起草执法检查报告")
    text = page(client.get(given(make_public, alice))).get_text(" ", strip=True)
    assert ("信访件五个工作日内答复" in text, "起草执法检查报告" in text) == (True, False)
    assert "信访件" not in client.get(given(make_public, alice, [])).text


def test_the_directory_leads_to_cards(client, alice, bob, sam):
    listed = page(client.get("/members", headers=as_member(bob)))
    assert listed.select_one(f'a[href="/shows/members/{alice.id}"]')
    kept = page(client.get(f"/members/{alice.id}", headers=as_member(sam)))
    assert kept.select_one(f'a[href="/shows/members/{alice.id}"]')


def test_a_boosted_visit_gets_the_whole_page(client, alice):
    page(client.get("/shows", headers=as_member(alice) | {"HX-Request": "true"}))
    page(client.get("/shows", headers=as_member(alice) | HTMX))

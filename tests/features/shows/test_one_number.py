"""A number is the same wherever it stands: on pages, on paper and in files."""

import io
from datetime import date

import pytest
import time_machine
from openpyxl import load_workbook

from app.features.members.rules import MemberStatus
from app.features.shows.duties.rules import DutyResult
from tests.features.members.makers import make_exemption
from tests.features.shows.cards.makers import make_identity
from tests.features.shows.duties.makers import MORNING, make_duty, report
from tests.features.shows.pledges.makers import make_draft, make_submitted
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def read(client):
    return lambda address, person: page(client.get(address, headers=as_member(person) | ENGLISH))


def test_who_is_exempt_is_missed_on_no_page_no_paper_and_in_no_file(client, read, given, sam, alice, bob, dora):
    given(make_submitted, alice)
    given(make_draft, bob)
    given(make_exemption, dora)
    missed = f"Not written yet: {bob.name}, {sam.name}"
    assert missed in read("/shows/branch", sam).get_text(" ", strip=True)
    assert missed in read("/shows/promises", sam).get_text(" ", strip=True)
    book = load_workbook(io.BytesIO(client.get("/shows/promises.xlsx", headers=as_member(sam)).content))
    assert [row[0] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)] == [bob.name, sam.name]


def test_the_list_of_duties_has_as_many_rows_as_its_numbers_say(read, given, sam, alice, bob):
    for day in (date(2025, 12, 20), date(2026, 3, 2), date(2026, 6, 30), date(2027, 1, 31)):
        given(make_duty, alice, due_on=day)
    given(report, bob, given(make_duty, bob, due_on=date(2026, 3, 10)), DutyResult.DONE)
    soup = read("/shows/duties/branch?show=all", sam)
    numbers = {dt.get_text(strip=True): int(dd.get_text(strip=True)) for dt, dd in pairs(soup)}
    assert numbers == {"Open": 4, "of these overdue": 2, "Waiting for an officer": 1, "Ended in 2026": 0}
    assert len(soup.select("#branch-list a[href^='/shows/duties/']:not([href*=branch])")) == 5
    assert "Everything open 5" in soup.get_text(" ", strip=True)


def test_years_in_the_party_are_the_same_on_card_wall_and_among_the_people(read, given, branch, sam):
    rosa = given(make_member, branch, "罗莎", joined="2000-03-20", confirmed="2001-03-20")
    pia = given(make_member, branch, "裴雅", joined="2025-03-01", status=MemberStatus.PROBATIONARY)
    for person in (rosa, pia):
        given(make_identity, person, shows_joined=True)
    for address, reader in (
        (f"/members/{rosa.id}", sam), ("/shows", rosa), (f"/shows/members/{rosa.id}", sam), ("/shows/wall", sam)
    ):  # fmt: skip
        assert "24 years in the Party" in read(address, reader).get_text(" ", strip=True), address
    for address, reader in ((f"/members/{pia.id}", sam), ("/shows", pia), (f"/shows/members/{pia.id}", sam)):
        assert "in the Party" not in read(address, reader).main.get_text(" ", strip=True), address


def pairs(soup):
    facts = soup.select_one("main dl")
    return zip(facts.select("dt"), facts.select("dd"), strict=True)

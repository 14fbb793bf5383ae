"""Months and years of wishes: right numbers, no names, nobody compared; ready from the 10th."""

import io
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from openpyxl import load_workbook

from app.core import clock
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import claims, fulfilment
from app.features.wishes.reports import rules
from app.features.wishes.reports.rules import Happened
from app.features.wishes.rules import Category, ClaimKind, Step
from tests.features.wishes.makers import make_community, make_draft
from tests.makers import ENGLISH, as_member
from tests.page import page

AUTUMN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def at(month, day):
    return clock.standing_at(datetime(2026, month, day, 4, 0, tzinfo=UTC))


@pytest.fixture
def year(given, community, branch, cora, sam, alice):
    """One wish realised in October after 5 and 10 days, one that waits, one draft."""

    def live(session):
        made = []
        for entered, published, title in ((1, 2, "听戏的收音机"), (3, 6, "修楼道灯"), (20, None, "还没写完")):
            with at(10, entered):
                made.append(make_draft(session, community, branch, cora, title=title))
                if published:
                    wish_service.submit(session, wish_id=made[-1].id, by_id=cora.id)
            if published:
                with at(10, published):
                    wish_service.publish(session, wish_id=made[-1].id, by_id=sam.id)
        with at(10, 7):
            claims.claim(session, alice.actor, wish_id=made[0].id, kind=ClaimKind.ALONE)
        with at(10, 15):
            fulfilment.fulfil(session, alice.actor, wish_id=made[0].id, sentence="送到。", day=date(2026, 10, 15))
        with at(10, 17):
            fulfilment.confirm_realised(session, cora.actor, wish_id=made[0].id)
        return made

    return given(live)


@pytest.fixture
def look(client):
    def open_page(person, address, status=200):
        return page(client.get(address, headers=as_member(person) | ENGLISH), status)

    return open_page


@time_machine.travel(AUTUMN, tick=False)
@pytest.mark.parametrize("who", ["cora", "sam"])
def test_a_month_has_its_numbers_and_its_list(look, year, who, request, alice):
    shown = look(request.getfixturevalue(who), "/wishes/months/2026-10")
    cells = [cell.text for cell in shown.select("tbody td")]
    assert cells == ["3", "2", "1", "1", "0", "0", "0"]
    assert "听戏的收音机" in shown.text
    assert "修楼道灯" in shown.text
    assert "还没写完" not in shown.text, "a draft is nobody's to read"
    assert alice.name not in shown.main.text


@time_machine.travel(AUTUMN, tick=False)
def test_the_file_says_the_same(client, year, sam, alice):
    answer = client.get("/wishes/months/2026-10/list.xlsx", headers=as_member(sam))
    assert answer.headers["cache-control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.content))
    counted, listed = [list(sheet.values) for sheet in book]
    assert counted[1][1:] == (3, 2, 1, 1, 0, 0, 0)
    assert [row[2] for row in listed[1:] if row[2]] == ["听戏的收音机", "修楼道灯"]
    assert "还没写完" not in str(listed), "of what is not public there are number and days"
    assert len(set(listed[0])) == len(listed[0]), "no two columns of one name"
    by_list = [
        sum(str(row[listed[0].index(step)] or "").startswith("2026-10") for row in listed[1:])
        for step in counted[0][1:]
    ]
    assert by_list == list(counted[1][1:]), "the list proves the summary"
    assert alice.name not in str(counted + listed)


@time_machine.travel(AUTUMN, tick=False)
def test_a_later_month_shows_what_is_still_there(look, year, sam):
    november = look(sam, "/wishes/months/2026-09")
    assert "修楼道灯" not in november.text
    with time_machine.travel(datetime(2026, 12, 12, tzinfo=UTC), tick=False):
        shown = look(sam, "/wishes/months/2026-11")
    assert "修楼道灯" in shown.text, "it still waits"
    assert next(cell.text for cell in shown.select("tbody td")) == "0"


@time_machine.travel(AUTUMN, tick=False)
def test_communities_stand_by_name(given, look, year, branch, cora, sam):
    def live(session):
        other = make_community(session, branch, name="安宁社区")
        with at(10, 5):
            made = make_draft(session, other, branch, cora, title="修门锁")
            wish_service.submit(session, wish_id=made.id, by_id=cora.id)
            wish_service.publish(session, wish_id=made.id, by_id=sam.id)

    given(live)
    shown = look(sam, "/wishes/months/2026-10")
    assert [row.th.text for row in shown.select("tbody tr")] == ["安宁社区", "荔园社区"]
    assert [title.text.split()[0] for title in shown.select("main section h2")] == ["Summary", "安宁社区", "荔园社区"]
    assert [cell.text for cell in shown.select("tfoot td")][:2] == ["4", "3"]


@time_machine.travel(AUTUMN, tick=False)
def test_the_committee_gets_numbers_and_no_list(look, year, carl):
    shown = look(carl, "/wishes/months/2026-10")
    assert next(cell.text for cell in shown.select("tbody td")) == "3"
    assert "听戏的收音机" not in shown.text


@time_machine.travel(AUTUMN, tick=False)
def test_the_list_proves_the_summary(look, year, sam):
    shown = look(sam, "/wishes/months/2026-10")
    lines = [row.get_text(" ", strip=True) for row in shown.select("main ul.rows li")]
    for step, number in (("Came in", 3), ("Published", 2), ("Claimed", 1), ("Realised", 1), ("Revisited", 0)):
        assert sum(f"{step} " in line for line in lines) == number, step
    assert any("17" in line and "Realised" in line for line in lines)


@time_machine.travel(AUTUMN, tick=False)
def test_whoever_sees_more_numbers_than_wishes_is_told_so(look, year, carl, sam):
    assert "numbers only" in look(carl, "/wishes/months/2026-10").text
    assert "numbers only" not in look(sam, "/wishes/months/2026-10").text


@time_machine.travel(AUTUMN, tick=False)
@pytest.mark.parametrize("who", ["cora", "sam", "carl"])
def test_every_way_back_leads_somewhere(client, look, year, who, request):
    person = request.getfixturevalue(who)
    for address in ("/wishes/months", "/wishes/months/2026-10", "/wishes/year"):
        back = look(person, address).find("a", class_="back")["href"]
        assert client.get(back, headers=as_member(person)).status_code == 200, (address, back)


@time_machine.travel(AUTUMN, tick=False)
def test_other_branches_see_nothing(client, look, year, oscar, olga):
    shown = look(oscar, "/wishes/months/2026-10")
    assert shown.select("tbody td") == []
    assert "听戏的收音机" not in shown.text
    assert "No wish was published" in look(olga, "/wishes/year").text
    assert client.get("/wishes/months", headers=as_member(olga)).status_code == 403


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (date(2026, 11, 9), date(2026, 9, 1)),
        (date(2026, 11, 10), date(2026, 10, 1)),
        (date(2026, 1, 9), date(2025, 11, 1)),
        (date(2026, 1, 31), date(2025, 12, 1)),
    ],
)
def test_a_month_is_ready_from_the_10th(today, latest):
    assert rules.latest_ready(today) == latest
    assert rules.months_ready(today)[0] == latest


@pytest.mark.parametrize(("day", "status"), [(9, 404), (10, 200)])
def test_before_the_10th_there_is_no_page(client, community, sam, day, status):
    with time_machine.travel(datetime(2026, 11, day, 4, tzinfo=UTC), tick=False):
        assert client.get("/wishes/months/2026-10", headers=as_member(sam)).status_code == status
        desk = page(client.get("/wishes/desk", headers=as_member(sam)))
    assert bool(desk.select("a[href='/wishes/months/2026-10']")) is (status == 200)


@pytest.mark.parametrize("word", ["2026-13", "2026-1", "x", "2999-01", "2026-10-01", "١٢٣٤-١٠"])
def test_a_month_that_is_none(client, sam, community, word):
    assert client.get(f"/wishes/months/{word}", headers=as_member(sam)).status_code == 404
    assert client.get(f"/wishes/months/{word}/list.xlsx", headers=as_member(sam)).status_code == 404


@time_machine.travel(AUTUMN, tick=False)
@pytest.mark.parametrize("who", ["cora", "sam", "alice", "carl"])
def test_the_year_in_a_picture(look, year, who, request, alice):
    shown = look(request.getfixturevalue(who), "/wishes/year")
    facts = [fact.text for fact in shown.select("dd")]
    assert facts == ["2", "1", "1", "5 days", "10 days"]
    assert shown.select_one(".month-columns")
    assert "Help for the elderly 1" in shown.select_one(".kind-bars")["aria-label"]
    assert alice.name not in shown.main.text.replace("nobody", "")


def test_a_year_that_is_none(client, sam, community):
    for word in ("1999", "2999", "x"):
        assert client.get(f"/wishes/year?year={word}", headers=as_member(sam)).status_code in (404, 422)


def test_an_empty_year_says_so(look, sam, community):
    assert "No wish was published" in look(sam, "/wishes/year").text
    assert "No community yet" not in look(sam, "/wishes/months").text


def test_reports_ask_the_same_few_questions_however_many_communities(given, client, branch, sam, statements):
    given(make_community, branch)
    counted = []
    for number in range(2):
        given(make_community, branch, name=f"社区{number}")
        statements.clear()
        client.get("/wishes/months/2026-08", headers=as_member(sam))
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_medians_and_what_comes_again():
    one, two = uuid4(), uuid4()

    def happened(wish, step, month, day, year=2026):
        return Happened(wish, Category.ELDERLY, step, date(year, month, day))

    history = [
        happened(one, Step.PUBLISH, 12, 30, 2025),
        happened(one, Step.CLAIM, 1, 2),
        happened(one, Step.PUBLISH, 2, 1),  # given back: the days count from here
        happened(one, Step.CLAIM, 2, 9),
        happened(one, Step.CONFIRM, 2, 20),
        happened(one, Step.CONFIRM, 3, 20),  # it had not helped at first
        happened(two, Step.PUBLISH, 3, 1),
        happened(two, Step.CLAIM, 3, 2),
    ]
    picture = rules.pictured(history, 2026, until=date(2026, 4, 1))
    assert (picture.published, picture.claimed, picture.realised) == (2, 2, 1)
    assert picture.days_to_claim == 3
    assert picture.days_to_realise == 11
    assert [month.realised for month in picture.months] == [0, 1, 0, 0]
    nothing = rules.pictured([], 2025, until=date(2026, 4, 1))
    assert (nothing.days_to_claim, nothing.kinds, len(nothing.months)) == (None, [], 12)

"""A list of hours: its columns said once, looked at, handed in by one, confirmed by another, taken back by another."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.features.education import sources
from app.features.ledger import closings
from app.features.members.models import Member, RoleTerm
from app.features.members.rules import Role
from app.features.study.hours import queries as hours
from app.features.study.lists.models import HoursEntry
from tests.features.study.lists import ADDRESS, HEADINGS, HTMX, LISTS, MEANS, Bringing, xlsx
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

MORNING = "2026-05-20 10:00:00+08:00"
IN_JANUARY = "2026-01-20 10:00:00+08:00"


@pytest.fixture(autouse=True)
def on_a_may_morning():
    with time_machine.travel(MORNING, tick=False) as now:
        yield now


@pytest.fixture
def at(client):
    return partial(Bringing, client)


def minutes(database, person, year=2026):
    """(confirmed, waiting) minutes of somebody's online hours."""
    with database.read() as session:
        taken = sources.of_year(session, [person.id], year)[person.id]
    return tuple(sum(one.entry.minutes for one in taken if bool(one.confirmed_by) is said) for said in (True, False))


def said_of(session, table, which, **values):
    session.execute(update(table).where(which).values(**values))


def test_what_the_columns_mean_is_asked_once_and_said_again_where_it_was_remembered(at, sam, dora, alice, database):
    rows = [(alice.name, alice.phone, "2026-03-05", "党史专题", "2", 300)]
    address = at(sam).send(xlsx(*rows))
    asked = at(sam).read(f"{address}/columns")
    assert "This is asked once" in asked
    assert "Left unread: 积分. Points, places, log-ins, streaks and likes are never read: 国办函〔2026〕12号" in asked
    assert at(sam).say(address).status_code == 303
    shown = at(sam).look(address)
    assert "New 1" in shown
    assert "2026-03-05" not in shown
    assert "党史专题" in shown
    at(sam).hand_in(address)
    again = at(sam).send(xlsx(*rows, (alice.name, alice.phone, "2026-04-05", "条例辅导", "1.5", 20)))
    assert "Read as last time: 干部网络学院, category online." in at(sam).look(again)
    assert "There already 1" in at(sam).look(again)
    assert f'href="{again}/columns"' in at(sam).client.get(again, headers=at(sam).headers).text
    at(dora).confirm(at(sam).hand_in(again))
    assert minutes(database, alice) == (90, 120)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_it_counts_once_another_officer_has_confirmed_it_and_twice_is_once(
    at, sam, dora, alice, bob, database, headers, status
):
    address = at(sam).bring(
        xlsx((alice.name, "", "2026-03-05", "党史", 2, 1), (bob.name, "", "2026-03-05", "党史", "90分钟", 1))
    )
    assert minutes(database, alice) == (0, 120)
    assert "Lists of hours to confirm" in at(dora).read("/")
    assert "Lists of hours to confirm" not in at(sam).read("/")
    assert at(sam).confirm(address).status_code == 404
    for _twice in range(2):
        assert at(dora).confirm(address, **headers).status_code == status
    assert (minutes(database, alice), minutes(database, bob)) == ((120, 0), (90, 0))
    assert "Lists of hours to confirm" not in at(dora).read("/")
    mine = at(alice).read("/study/hours")
    assert "online 2 education hours" in mine
    assert "counted 0 education hours" in mine
    assert "list of 干部网络学院" in mine
    assert "干部网络学院" in at(alice).read("/study/hours/paper")


def test_nobody_confirms_own_hours_and_the_database_says_so_too(at, sam, dora, bob, given, branch, database):
    third = given(make_member, branch, "组伟", roles=(Role.ORGANISATION,))
    address = at(sam).bring(xlsx(*((one.name, "", "2026-03-05", "党史", 2, 1) for one in (sam, dora, bob))))
    assert "1 entry waits for somebody else" in at(dora).read(address)
    at(dora).confirm(address)
    assert [minutes(database, one) for one in (sam, dora, bob)] == [(120, 0), (0, 120), (120, 0)]
    assert at(dora).confirm(address).status_code == 303  # nothing more is hers to say
    assert minutes(database, dora) == (0, 120)
    at(third).confirm(address)
    assert minutes(database, dora) == (120, 0)
    for who in (dora, sam):  # whom it is about, who brought it
        with pytest.raises(IntegrityError, match="confirmed_by_another"), database.write() as session:
            session.execute(update(HoursEntry).where(HoursEntry.member_id == dora.id).values(confirmed_by_id=who.id))


def test_an_officer_appointed_afterwards_and_an_account_of_the_bringers_own_are_no_other_eyes(
    at, sam, bob, given, branch, database
):
    address = at(sam).bring(xlsx((bob.name, "", "2026-03-05", "党史", 2, 1)))
    late = given(make_member, branch, "后任", roles=(Role.DEPUTY,))
    given(said_of, RoleTerm, RoleTerm.member_id == late.id, given_at=clock.now() + timedelta(seconds=1))
    assert at(late).confirm(address).status_code == 404
    puppet = given(make_member, branch, "新号", roles=(Role.DEPUTY,))
    given(said_of, Member, Member.id == puppet.id, opened_by_id=sam.id, opened_at=clock.now() - timedelta(days=1))
    second = at(sam).bring(xlsx((bob.name, "", "2026-03-06", "党史", 2, 1)))
    assert at(puppet).confirm(second).status_code == 404
    assert minutes(database, bob) == (0, 240)


def test_a_committee_officer_stands_in_only_where_the_branch_has_nobody_else(
    at, sam, dora, alice, carl, given, database
):
    address = at(sam).bring(xlsx((alice.name, "", "2026-03-05", "党史", 2, 1)))
    assert at(carl).client.get(address, headers=at(carl).headers).status_code == 404
    assert "Lists of hours to confirm" not in at(carl).read("/")
    own = at(sam).bring(xlsx((dora.name, "", "2026-03-06", "党史", 2, 1)))  # its only other officer is whom it is about
    assert "Lists of hours to confirm" in at(carl).read("/")
    assert at(dora).confirm(own).status_code == 404
    at(carl).confirm(own)
    assert minutes(database, dora) == (120, 0)


def test_a_list_of_the_committee_is_confirmed_by_its_other_officer_or_branch_by_branch(
    at, carl, sam, alice, olga, committee, branch, given, database
):
    other = given(make_member, branch, "关二", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    rows = [(one.name, one.phone, "2026-03-05", "党史", 2, 1) for one in (alice, olga)]
    address = at(carl).bring(xlsx(*rows))
    seen = at(sam).read(address)
    assert alice.name in seen
    assert olga.name not in seen
    at(sam).confirm(address)
    assert (minutes(database, alice), minutes(database, olga)) == ((120, 0), (0, 120))
    assert at(carl).confirm(address).status_code == 404
    at(other).confirm(address)
    assert minutes(database, olga) == (120, 0)
    same = at(sam).send(xlsx(rows[0]))
    at(sam).say(same)
    assert "There already 1" in at(sam).look(same)  # whoever brings it


def test_what_two_have_said_is_taken_back_by_another_and_can_be_brought_in_again(at, sam, dora, alice, database):
    content = xlsx((alice.name, "", "2026-03-05", "党史", 2, 1))
    address = at(sam).bring(content)
    at(dora).confirm(address)
    assert at(sam).take_back(address).status_code == 404
    assert at(alice).take_back(address).status_code in (403, 404)
    assert at(dora).take_back(address, reason="").status_code == 422
    for _twice in range(2):
        assert at(dora).take_back(address).status_code == 303
    assert minutes(database, alice) == (0, 0)
    assert "taken back" in at(sam).read(address)
    assert "导错了表" in at(sam).read(address)
    again = at(sam).bring(content)
    assert again != address
    assert minutes(database, alice) == (0, 120)
    assert at(sam).take_back(again).status_code == 303  # nobody has confirmed it
    assert minutes(database, alice) == (0, 0)


def test_of_totals_only_what_is_new_counts_and_a_smaller_one_comes_back(at, sam, dora, alice, database):
    headings, means = ("姓名", "累计学时", "统计月份"), ("name", "hours", "day")

    def month(total, name, show):
        address = at(sam).send(xlsx((alice.name, total, name), headings=headings))
        at(sam).say(address, means, is_cumulative="yes")
        return address, at(sam).look(address, show)

    first, _shown = month(10, "2026-01", "new")
    march = at(sam).hand_in(first)
    assert "An earlier total of this person still waits" in month(14, "2026-02", "problem")[1]
    at(dora).confirm(march)
    second, shown = month(14, "2026-02", "new")
    assert "of them new 4 education hours" in shown
    april = at(sam).hand_in(second)
    at(dora).confirm(april)
    assert "There already 1" in month(14, "2026-03", "same")[1]
    assert "smaller than the last one of that year" in month(12, "2026-04", "problem")[1]
    assert minutes(database, alice) == (14 * 60, 0)
    assert "Take the later one back first" in page(at(dora).take_back(march), status=409).get_text()
    for address in (april, march):
        assert at(dora).take_back(address).status_code == 303
    assert minutes(database, alice) == (0, 0)


def test_online_hours_count_by_the_committees_word_alone(
    at, sam, dora, carl, alice, committee, branch, database, client
):
    at(dora).confirm(at(sam).bring(xlsx((alice.name, "", "2026-03-05", "党史", 2, 1))))
    form = {"id": "018f0000-0000-7000-8000-000000000001", "committee": str(committee.id), "network_counts": "yes",
            "first_year": "2026", "document": "机党〔2026〕9号"}  # fmt: skip
    client.post("/study/hours/decisions", data=form, headers=as_member(carl))
    assert "counted 2 education hours" in at(alice).read("/study/hours")


def test_of_overlapping_hours_the_organised_ones_stay(at, sam, dora, alice, database):
    rows = [(alice.name, "", "2026-03-05", "党史 专题", 2, 1)]
    at(dora).confirm(at(sam).bring(xlsx(*rows)))
    address = at(sam).send(xlsx(*rows, headings=(*HEADINGS, "备注")))
    at(sam).say(address, (*MEANS, "-"), hours_class="集中", source="市委党校")
    at(dora).confirm(at(sam).hand_in(address))
    with database.read() as session:
        taken = sources.of_year(session, [alice.id], 2026)[alice.id]
        sums = hours.sums(taken, network=False)
    assert (sums.organised, sums.network, sums.overlap) == (120, 0, True)


def test_who_is_meant_is_chosen_and_remembered_by_the_number_not_by_the_name(at, sam, given, branch, database):
    first, second = (given(make_member, branch, "李伟", phone=f"1390000111{n}") for n in (1, 2))
    headings, means = ("学号", "姓名", "日期", "学时"), ("number", "name", "day", "hours")
    rows = [("X1", "李伟", "2026-03-05", 1), ("X1", "李伟", "2026-03-06", 1), ("X2", "李伟", "2026-03-07", 1)]
    address = at(sam).send(xlsx(*rows, headings=headings))
    at(sam).say(address, means)
    assert "2 people are called “李伟”. Choose who is meant." in at(sam).look(address)
    sent = {"place": "2", "who": str(first.id)}
    at(sam).client.post(f"{address}/choose", data=sent, headers=at(sam).headers)
    assert "New 2" in at(sam).look(address)
    assert "Problems 1" in at(sam).look(address)
    at(sam).hand_in(address)
    again = at(sam).send(xlsx(*((*row[:2], "2026-04-01", 2) for row in rows[1:]), headings=headings))
    assert "New 1" in at(sam).look(again)
    assert "Problems 1" in at(sam).look(again)
    assert minutes(database, first) == (0, 120)
    assert minutes(database, second) == (0, 0)


@pytest.mark.parametrize(
    ("means", "said", "sentence"),
    [
        (("name", "phone", "day", "title", "-"), {}, "exactly one column"),
        (("name", "phone", "day", "minutes", "hours"), {}, "exactly one column"),
        (("-", "-", "day", "title", "hours"), {}, "names the person"),
        (("name", "name", "day", "title", "hours"), {}, "Two columns are to be"),
        (("name", "-", "-", "title", "hours"), {}, "No column says a day"),
        (("name", "-", "-", "title", "hours"), {"as_of": "2026-06-01"}, "No column says a day"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_mapping_with_which_nothing_can_be_read_is_refused_and_kept_as_typed(
    at, sam, alice, means, said, sentence, headers
):
    address = at(sam).send(xlsx((alice.name, "", "2026-03-05", "党史", 2, 1)))
    answer = at(sam).say(address, means, headers, **said)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="干部网络学院"' in answer.text


def test_a_list_without_days_is_of_the_day_that_is_said(at, sam, alice, database):
    content = xlsx((alice.name, 2), headings=("姓名", "学时"))
    at(sam).bring(content, ("name", "hours"), as_of="2026-05-01")
    address = at(sam).send(content)  # the columns are remembered, the day is not
    assert at(sam).client.get(address, headers=at(sam).headers).headers["location"] == f"{address}/columns"
    at(sam).say(address, ("name", "hours"), as_of="2026-05-02")
    assert "There already 1" in at(sam).look(address)  # another day typed makes no other hours of them


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_stands_as_hours_of_their_own_is_not_counted_again_as_a_total(at, sam, dora, alice, headers):
    content = xlsx((alice.name, "", "2026-03-05", "党史", 2, 1))
    held = at(sam).send(content)
    at(sam).say(held, is_cumulative="yes")
    ordinary = at(sam).send(content)
    at(sam).say(ordinary)
    standing = at(sam).hand_in(ordinary)
    answer = at(sam).say(at(sam).send(content), MEANS, headers, is_cumulative="yes")
    assert answer.status_code == 422
    assert "Take those back first, so that nothing counts twice" in answer.text
    answer = at(sam).client.post(f"{held}/confirm", headers=at(sam).headers)  # said while nothing stood
    assert "Take those back first" in page(answer, status=422).get_text()
    at(sam).take_back(standing)
    assert at(sam).say(held, is_cumulative="yes").status_code == 303


def test_what_comes_after_the_year_was_archived_is_history(at, sam, dora, alice, database):
    address = at(sam).bring(xlsx((alice.name, "", "2024-03-05", "党史", 2, 1)), hours_class="集中")
    at(dora).confirm(address)
    shown = at(alice).read("/study/hours?year=2024")
    assert "organised 2 education hours" in shown
    assert "counted 0 education hours" in shown
    assert "of an archived year" in shown


def test_what_waits_while_the_year_is_archived_is_history_and_what_counted_then_stays(
    at, sam, dora, alice, bob, given, database, on_a_may_morning
):
    on_a_may_morning.move_to(IN_JANUARY)
    first, second = (
        at(sam).bring(xlsx((alice.name, "", day, "党史", 2, 1), (bob.name, "", day, "党史", 2, 1)), hours_class="集中")
        for day in ("2025-03-05", "2025-03-06")
    )
    at(dora).confirm(first)
    given(closings.close, [alice.id], 2025)
    at(dora).confirm(second)
    with database.read() as session:
        taken = sources.of_year(session, [alice.id, bob.id], 2025)
    assert [one.is_history for one in taken[alice.id]] == [False, True]
    assert [one.is_history for one in taken[bob.id]] == [False, False]
    assert "counted in a year that is archived now" in page(at(dora).take_back(first), status=409).get_text()
    given(closings.reopen, alice.id, 2025)
    for address in (first, second):
        assert at(dora).take_back(address).status_code == 303
    assert minutes(database, alice, 2025) == (0, 0)


def test_what_waits_or_is_history_of_an_archived_year_is_taken_back(
    at, sam, dora, alice, given, database, on_a_may_morning
):
    on_a_may_morning.move_to(IN_JANUARY)
    late, waiting = (at(sam).bring(xlsx((alice.name, "", f"2025-03-0{n}", "党史", 2, 1))) for n in (5, 6))
    given(closings.close, [alice.id], 2025)
    at(dora).confirm(late)
    for address in (late, waiting):
        assert at(dora).take_back(address).status_code == 303
    assert minutes(database, alice, 2025) == (0, 0)


@pytest.mark.parametrize(("day", "amount"), [("2026-03", "20学时"), ("2026-03", "30学时"), ("2026-03-31", "4天")])
def test_a_month_and_several_days_leave_the_day_they_are_kept_on_free(at, sam, alice, day, amount):
    at(sam).bring(xlsx((alice.name, "", day, "培训", amount, 1)))
    address = at(sam).send(xlsx((alice.name, "", "2026-03-31", "党史", "5学时", 1)))
    assert "Problems 0 New 1" in at(sam).look(address)


def test_what_was_brought_in_of_a_day_still_fills_it(at, sam, alice):
    at(sam).bring(xlsx((alice.name, "", "2026-03-31", "培训", 20, 1)))
    address = at(sam).send(xlsx((alice.name, "", "2026-03-31", "党史", 5, 1)))
    assert "more than 24 hours a day" in at(sam).look(address, "problem")


def test_a_stranger_a_member_and_another_branch_see_nothing(at, client, sam, alice, olga, carl, given):
    address = at(sam).bring(xlsx((alice.name, "", "2026-03-05", "党史", 2, 1)))
    for who in (alice, olga):
        for path in (ADDRESS, LISTS, address):
            assert client.get(path, headers=as_member(who)).status_code in (403, 404), path
    assert client.get(address, headers=ENGLISH).status_code in (303, 401)
    upload = at(sam).send(xlsx((alice.name, "", "2026-03-06", "党史", 2, 1)))
    for path in (upload, f"{upload}/columns"):
        assert client.get(path, headers=as_member(carl)).status_code == 404


def test_the_bringer_reads_the_errors_as_a_file(at, sam, alice):
    address = at(sam).send(
        xlsx(("无名氏", "", "2026-03-05", "党史", 2, 300), (alice.name, "", "2026-03-05", "", "约2", 8))
    )
    at(sam).say(address)
    file = at(sam).client.get(f"{address}/problems.xlsx", headers=as_member(sam)).content
    sheet = load_workbook(BytesIO(file)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (*HEADINGS, "原因")
    assert [row[5] for row in rows[1:]] == [None, None]  # what may not be read is not kept either
    assert "无名氏" in rows[1][6]
    assert "约2" in rows[2][6]
    again = at(sam).send(file)
    assert at(sam).client.get(again, headers=at(sam).headers).status_code == 200  # its headings are known


def test_the_day_is_the_branchs(at, sam, alice):
    assert clock.today().isoformat() == "2026-05-20"
    address = at(sam).send(
        xlsx((alice.name, "", "2026-05-21", "党史", 2, 1), (alice.name, "", "2026-05", "党课", 30, 1))
    )
    at(sam).say(address)
    assert "This day has not come yet" in at(sam).look(address, "problem")
    assert "New 1" in at(sam).look(address)

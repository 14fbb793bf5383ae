"""Rules of wishes on their borders: rounds, months, floods from one network, what is covered. docs/domain.md §3.2."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.core import clock
from app.features.imports.rows import Problem
from app.features.private import rules as private
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.contacts import rules as contacts
from app.features.wishes.desk import rules as desk
from app.features.wishes.imports import rules as imports
from app.features.wishes.intake import rules as intake
from app.features.wishes.intake.rules import ListedWish
from app.features.wishes.reports import rules as reports
from app.features.wishes.reports.rules import Happened
from app.features.wishes.residents import rules as residents
from app.features.wishes.residents.errors import BusyHereError, QueueFullError, TooOftenError
from app.features.wishes.residents.rules import Arrivals, Arrived, SubmissionStatus
from app.features.wishes.rules import Category, Status, Step
from app.features.wishes.stories import rules as stories


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (private.NAME_LENGTH, 40),
        (private.PHONE_LENGTH, 30),
        (private.ADDRESS_LENGTH, 120),
        (private.NOTE_LENGTH, 200),
        (contacts.MOST_MEANT, 5),
        (contacts.MOST_SEARCHED, 2000),
        (contacts.REASON_LENGTH, 120),
        (contacts.VERSION_LENGTH, 12),
        (imports.MOST_ROWS, 500),
        (desk.A_DAY, timedelta(days=1)),
        (intake.ALIKE, 0.6),
        (intake.LOOKED_BACK, timedelta(days=180)),
        (intake.HINTS_SHOWN, 3),
        (reports.MONTHS_LISTED, 12),
        (residents.GUARDIAN_LENGTH, 40),
        (residents.SHOWN_OF_ONE_NETWORK, 3),
        (residents.ROWS_ON_A_PAGE, 20),
        (residents.TOKEN_LENGTH, 16),
        (stories.STORY_LENGTH, 300),
        (stories.PHOTO_SIDE, 960),
    ],
)
def test_limits(limit, number):
    assert limit == number


@pytest.mark.parametrize(
    ("day", "today", "goes_out"),
    [
        (15, date(2026, 3, 14), date(2026, 3, 15)),
        (15, date(2026, 3, 15), date(2026, 3, 15)),  # today included
        (15, date(2026, 3, 16), date(2026, 4, 15)),
        (28, date(2026, 1, 31), date(2026, 2, 28)),
        (1, date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_next_round(day, today, goes_out):
    assert desk.next_round(day, today) == goes_out


@pytest.mark.parametrize("status", [status for status in Status if status not in {"closed", "declined", "withdrawn"}])
def test_which_day_matters_next(status):
    """The round, the promise, the day of handing over, the end of the time to look back, or by when it is wanted."""
    days = {
        "wanted_by": date(2026, 4, 1),
        "fulfil_by": date(2026, 4, 2),
        "fulfilled_on": date(2026, 4, 3),
    }
    said = {"claimed": 2, "in_progress": 2, "to_confirm": 3}.get(status, 1)
    expected = date(2026, 5, 3) if status == "realised" else date(2026, 4, said)
    assert desk.next_day(status, goes_out_on=None, **days) == expected
    assert desk.next_day(status, goes_out_on=date(2026, 4, 9), **days) == date(2026, 4, 9)
    assert desk.next_day(Status.REALISED, goes_out_on=None, **days | {"fulfilled_on": None}) == date(2026, 4, 1)


def test_a_summary_is_ready_from_the_tenth_on():
    assert reports.latest_ready(date(2026, 3, 9)) == date(2026, 1, 1)
    assert reports.latest_ready(date(2026, 3, 10)) == date(2026, 2, 1)
    listed = reports.months_ready(date(2026, 3, 10))
    assert (len(listed), listed[0], listed[-1]) == (12, date(2026, 2, 1), date(2025, 3, 1))


@pytest.mark.parametrize(
    ("word", "month"), [("2026-01", 1), ("2026-12", 12), ("2026-13", None), ("2026-00", None), ("1999-01", None)]
)
def test_which_month_an_address_names(word, month):
    assert reports.month_called(word) == (month and date(2026, month, 1))


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_lasts_until_the_next_begins(month):
    begins, ends = reports.span(date(2026, month, 1))
    assert begins == clock.midnight(date(2026, month, 1))
    following = date(2026, month + 1, 1) if month < 12 else date(2027, 1, 1)
    assert ends == reports.span(following)[0]
    assert (reports.year_span(2026)[0], reports.year_span(2026)[1]) == (
        reports.span(date(2026, 1, 1))[0],
        reports.span(date(2027, 1, 1))[0],
    )


def test_a_year_in_a_picture():
    """Published again or claimed again it counts once; its days are counted from the last time before."""
    first, second = UUID(int=1), UUID(int=2)
    history = [
        Happened(first, Category.ELDERLY, Step.PUBLISH, date(2025, 12, 30)),
        Happened(first, Category.ELDERLY, Step.CLAIM, date(2026, 1, 4)),
        Happened(first, Category.ELDERLY, Step.PUBLISH, date(2026, 1, 10)),
        Happened(first, Category.ELDERLY, Step.CLAIM, date(2026, 1, 13)),
        Happened(first, Category.ELDERLY, Step.CONFIRM, date(2026, 2, 1)),
        Happened(second, Category.OTHER, Step.PUBLISH, date(2026, 3, 1)),
        Happened(second, Category.OTHER, Step.CONFIRM, date(2027, 1, 1)),
    ]
    found = reports.pictured(history, 2026, until=date(2026, 3, 31))
    assert (found.published, found.claimed, found.realised) == (2, 1, 1)
    assert (found.days_to_claim, found.days_to_realise) == (4, 19)  # 5 and 3 days
    assert list(found.kinds) == [(Category.ELDERLY, 1)]
    assert [(one.month.month, one.published, one.realised) for one in found.months] == [(1, 1, 0), (2, 0, 1), (3, 1, 0)]
    assert len(reports.pictured([], 2026, until=date(2027, 1, 1)).months) == 12
    assert reports.pictured([], 2026, until=date(2026, 1, 1)).days_to_claim is None


@pytest.mark.parametrize(
    ("network", "here", "waiting", "refusal"),
    [
        ((4, 19), (49, 119), 299, None),
        ((5, 19), (0, 0), 0, TooOftenError),
        ((4, 20), (0, 0), 0, TooOftenError),
        ((0, 0), (50, 119), 0, BusyHereError),
        ((0, 0), (49, 120), 0, BusyHereError),
        ((0, 0), (0, 0), 300, QueueFullError),
    ],
)
def test_how_many_are_taken(network, here, waiting, refusal):
    said = {"of_network": Arrivals(*network), "here": Arrivals(*here), "waiting": waiting}
    if refusal is None:
        residents.check_room(**said)
    else:
        with pytest.raises(refusal):
            residents.check_room(**said)


def sent(number, network, community=1):
    return Arrived(UUID(int=number), UUID(int=community), network, datetime(2026, 3, 9, tzinfo=UTC))


def test_a_flood_from_one_network_takes_three_lines():
    queue = [sent(1, "a"), sent(2, None), sent(3, "a"), sent(4, "a"), sent(5, "a"), sent(6, "a", 2), sent(7, None)]
    lines = [(line.arrived.id.int, line.more) for line in residents.folded(queue)]
    assert lines == [(1, 0), (2, 0), (3, 0), (4, 1), (6, 0), (7, 0)]
    assert [line.arrived.id.int for line in residents.only_network(queue, UUID(int=3))] == [1, 3, 4, 5]
    assert [line.arrived.id.int for line in residents.only_network(queue, UUID(int=2))] == [2]
    assert [line.arrived.id.int for line in residents.only(queue, UUID(int=6))] == [6]


@pytest.mark.parametrize(
    ("rows", "number", "first", "last"),
    [(0, 1, None, 1), (20, 2, 0, 1), (21, 2, 20, 2), (41, 3, 40, 3), (41, 2, 20, 3)],
)
def test_pages_of_twenty(rows, number, first, last):
    lines, pages = residents.page_of(list(range(rows)), number)
    assert (pages, lines[0] if lines else None, len(lines) <= 20) == (last, first, True)


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("phone", "13800138000", "138****8000"),
        ("phone", "12345678", "123****5678"),
        ("phone", "1234567", "****"),
        ("name", "王秀英", "王***"),
        ("address", "安宁区培黎街道某某小区", "安宁区培***"),
        ("note", "耳背", "***"),
    ],
)
def test_what_nobody_learns_over_the_shoulder(field, text, shown):
    assert residents.covered(field, text) == shown


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0931-1234567", "09311234567"),
        ("＋86 138 0013 8000", "+8613800138000"),
        ("1234567", "1234567"),
        ("123456", None),
        ("1234567890123456", None),
        ("138001380OO", None),
    ],
)
def test_which_number_can_be_dialled(typed, number):
    assert residents.dialled(typed) == number


def test_what_needs_a_consent_of_its_own():
    assert {category for category in Category if residents.is_delicate(category, "书包")} == {
        Category.DISABILITY,
        Category.HARDSHIP,
    }
    assert residents.is_delicate(Category.OTHER, "书包", "家里有低保")


def test_what_nobody_can_take_back_any_more():
    over = {status for status in SubmissionStatus if residents.ended(status, None)}
    assert {str(status) for status in over} == {"refused", "withdrawn", "lapsed"}
    gone = {status for status in Status if residents.ended(SubmissionStatus.ACCEPTED, status)}
    assert gone == {Status.CLOSED, Status.REFERRED, Status.WITHDRAWN}


def test_a_title_to_begin_with_is_the_first_clause_as_far_as_a_title_goes():
    assert residents.title_from("，想要一台收音机。家里的坏了") == "想要一台收音机"
    assert residents.title_from("很" * 40) == "很" * 40
    assert residents.title_from("很" * 41) == "很" * 39 + "…"
    assert residents.without_owner("王秀英请打13800138000", name="王秀英") == "〔…〕请打〔…〕"
    assert residents.without_owner("王老师想要书", name="王") == "王老师想要书"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("王", None), ("王英", "王英"), ("138", None), ("13 80", "1380"), ("王-英", "王英"), ("１３８０", "1380")],
)
def test_one_sign_opens_no_contacts(asked, meant):
    """Two characters of a name or four digits."""
    if meant is None:
        with pytest.raises(contacts.TooShortError):
            contacts.check_asked(asked)
    else:
        assert contacts.check_asked(asked) == meant


ALL = {ConsentKind.ORDINARY, ConsentKind.SENSITIVE, ConsentKind.GUARDIAN}


@pytest.mark.parametrize(
    ("contact", "given", "is_child", "refusal"),
    [
        (Contact(), set(), True, None),
        (Contact(name="王秀英"), {ConsentKind.ORDINARY}, False, None),
        (Contact(name="王秀英"), ALL - {ConsentKind.ORDINARY}, False, private.ConsentMissingError),
        (Contact(name="王秀英", note="耳背"), ALL - {ConsentKind.SENSITIVE}, False, private.SensitiveMissingError),
        (Contact(name="王秀英"), ALL - {ConsentKind.GUARDIAN}, True, private.GuardianMissingError),
        (Contact(name="王秀英", note="耳背"), ALL, True, None),
    ],
)
def test_what_a_wisher_agrees_to(contact, given, is_child, refusal):
    if refusal is None:
        private.check_consents(contact, given, is_child=is_child)
    else:
        with pytest.raises(refusal):
            private.check_consents(contact, given, is_child=is_child)


def test_a_contact_is_sealed_and_opened_as_it_was():
    """Corrected, it keeps what nobody says anew; what an earlier version wrote beside it is passed over."""
    contact = Contact(name="王秀英", phone="13800138000")
    assert contact.filled == ("name", "phone")
    assert Contact.from_text(contact.as_text()) == contact
    assert Contact.from_text('{"name": "王秀英", "fax": "1"}') == Contact(name="王秀英")
    assert contact.corrected(Contact(phone="13900139000")) == Contact(name="王秀英", phone="13900139000")


def known(number, title, need="", category=Category.OTHER):
    return ListedWish(UUID(int=number), f"W-{number}", title, need, category)


def test_at_most_three_alike_are_shown_the_most_alike_first():
    wishes = [
        known(1, "想要一台收音机", category=Category.ELDERLY),
        known(2, "想要一台收音机!"),
        known(3, "想要一台旧收音机"),
        known(4, "想要一台新收音机呀"),
        known(5, "希望有人陪伴聊天"),
    ]
    found = intake.alike("想要一台 收音机", "", Category.ELDERLY, wishes)
    assert [wish.id.int for wish in found] == [1, 2, 3]
    assert intake.alike("修灯", "客厅的灯坏了", Category.OTHER, [known(6, "换锁", "客厅的灯坏了")])
    assert not intake.alike("修灯", "", Category.OTHER, [known(6, "换锁", "")])
    assert intake.likeness("ＡＢＣ，d", "abc d") == 1
    assert (intake.likeness("甲乙丙丁戊", "甲乙丙己庚"), intake.ALIKE) == (0.6, 0.6)
    assert intake.alike("甲乙丙丁戊", "", Category.OTHER, [known(7, "甲乙丙己庚")])
    assert not intake.alike("甲乙丙丁戊", "", Category.OTHER, [known(7, "甲乙己庚辛")])


def test_one_community_needs_no_choosing():
    one, other = UUID(int=1), UUID(int=2)
    assert [intake.the_only(places) for places in ([], [one], [one, other])] == [None, one, None]


def listed(name="王秀英", phone="1", title="收音机", need="坏了", problems=()):
    entry = imports.ReadWish(
        title=title,
        need=need,
        category=Category.OTHER,
        yuan=None,
        wanted_by=None,
        name=name,
        phone=phone,
        address="",
        agreed=(),
    )
    return imports.ImportRow(1, (), entry, problems)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (listed(), "same"),
        (listed(name="李秀英"), "new"),
        (listed(phone="2"), "new"),
        (listed(need="没有"), "new"),
        (listed(title="书"), "same"),  # no contact is kept of that one: the words alone decide
        (listed(problems=(Problem("bad_phone"),)), "problem"),
    ],
)
def test_a_wish_is_there_already_with_the_same_words_of_the_same_person(row, verdict):
    there = [
        imports.Neighbour("收音机", "坏了", Contact(name="王秀英", phone="1")),
        imports.Neighbour("书", "坏了", None),
    ]
    (found,) = imports.planned([row], there)
    assert found.verdict == verdict
    assert found.problems == row.problems


def test_a_row_that_stands_in_the_list_twice_is_new_once():
    bad = listed(problems=(Problem("bad_phone"),))
    assert [one.verdict for one in imports.planned([bad, listed(), listed()], [])] == ["problem", "new", "same"]


@pytest.mark.parametrize("status", Status)
def test_a_story_is_told_of_what_has_come_true(status):
    if status in {"realised", "closed"}:
        stories.check_tellable(status)
    else:
        with pytest.raises(stories.NotRealisedError):
            stories.check_tellable(status)

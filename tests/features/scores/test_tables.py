"""Limits and tables of the yearly cycle, written out once: docs/domain.md, quantified §1 to §6 and §10."""

from dataclasses import astuple
from datetime import date
from uuid import UUID

import pytest

from app.core import workdays
from app.core.cells import SMALL_CELL
from app.core.errors import ImpossibleError, NotFoundError
from app.features.members.rules import Role
from app.features.scores.archive import rules as archive
from app.features.scores.cycle import rules as cycle
from app.features.scores.drafts import rules as drafts
from app.features.scores.objections import rules as objections
from app.features.scores.objections.rules import About, ObjectionOutcome
from app.features.scores.publicity import rules as publicity
from app.features.scores.publicity.rules import Act, Period
from app.features.scores.trials import rules as trials
from app.features.scores.trials.rules import Cell, Counts
from app.features.scores.vetoes import rules as vetoes

EVE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (list(cycle.PUBLICITY_DAYS), [3, 4, 5, 6, 7, 8, 9, 10]),
        (cycle.OBJECTION_DAYS, 3),
        (cycle.BRANCH_DAYS, 5),
        (cycle.ESCALATION_DAYS, 3),
        (cycle.COMMITTEE_DAYS, 10),
        (cycle.MOST_EXEMPT_DAYS, 182),
        (publicity.QUARTER_DAYS, 3),
        (publicity.YEAR_DAYS, 5),
        (publicity.YEAR_FROM, (12, 15)),
        ((publicity.FIRST_YEAR, publicity.LAST_YEAR), (2000, 2999)),
        (archive.SIGNING_DAYS, 5),
        (drafts.YEARS_AHEAD, 1),
        (SMALL_CELL, 5),
        (objections.SHORTEST_REASONS, 4),
    ],
)
def test_limits_are_the_numbers_of_the_field(limit, number):
    assert limit == number


def test_how_long_a_text_may_be():
    assert (objections.WORDS_LENGTH, objections.REASONS_LENGTH) == (500, 500)
    assert (publicity.NAME_LENGTH, publicity.PHONE_LENGTH, publicity.REASON_LENGTH) == (60, 40, 300)
    assert (archive.WORDS_LENGTH, archive.REASON_LENGTH, archive.DOCUMENT_LENGTH) == (200, 300, 60)


def test_who_proposes_and_who_reads():
    """§10: secretary and deputy propose a publicity and the archive; all five posts read of the branch's vetoes."""
    assert {Role.SECRETARY, Role.DEPUTY} == publicity.PROPOSERS == archive.STEPS
    posts = "secretary deputy organisation publicity discipline"
    assert {Role(role) for role in posts.split()} == vetoes.COMMITTEE
    assert [str(said) for said in archive.CHOICES] == ["agreed", "reserved"]


@pytest.mark.parametrize("others_hold_it", [False, True])
def test_vetoes_are_entered_by_the_discipline_commissioner(others_hold_it):
    """§10: and by the secretary where nobody else holds the post."""
    enter = {role for role in Role if vetoes.enters([role], others_hold_it=others_hold_it)}
    assert enter == ({Role.DISCIPLINE} if others_hold_it else {Role.DISCIPLINE, Role.SECRETARY})


@pytest.mark.parametrize(
    ("dated", "passes"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2027, 2, 1), True),  # today
        (date(2027, 2, 2), False),
    ],
)
def test_the_document_of_a_veto_is_of_the_year_or_the_next(dated, passes):
    if passes:
        vetoes.check_dated(dated, year=2026, today=date(2027, 2, 1))
    else:
        with pytest.raises(vetoes.DatedOtherwiseError):
            vetoes.check_dated(dated, year=2026, today=date(2027, 2, 1))


def test_a_document_of_the_year_after_the_next_is_of_another_time():
    with pytest.raises(vetoes.DatedOtherwiseError):
        vetoes.check_dated(date(2028, 1, 1), year=2026, today=date(2028, 1, 1))


LIVES = [
    (
        drafts.LIFE,
        {
            "edit": ("editing", "editing"),
            "propose": ("editing", "proposed"),
            "return": ("proposed", "editing"),
            "publish": ("proposed", "published"),
            "discard": ("editing", "discarded"),
        },
    ),
    (
        objections.LIFE,
        {
            "take_up": ("late", "filed"),
            "decline": ("late", "declined"),
            "withdraw": ("late filed", "withdrawn"),
            "answer": ("filed", "answered"),
            "accept": ("answered", "accepted"),
            "escalate": ("filed answered", "escalated"),
            "decide": ("escalated", "decided"),
        },
    ),
]


@pytest.mark.parametrize(("life", "steps"), LIVES, ids=["draft", "objection"])
def test_the_steps_are_these_and_no_others(life, steps):
    assert {step: (set(of.split()), to) for step, (of, to) in steps.items()} == dict(life.leads)


@pytest.mark.parametrize("state", objections.State)
def test_which_objections_hold_a_signature(state):
    """An answer holds it as long as it may be taken further."""
    last = date(2026, 7, 8)
    waits = state in {"late", "filed", "escalated"}
    assert objections.is_pending(state, None, last) is waits
    assert objections.is_pending(state, last, last) is (waits or state == "answered")
    assert objections.is_pending(state, last, date(2026, 7, 9)) is waits


@pytest.mark.parametrize(
    ("about", "outcome", "take_back", "adds", "refusal"),
    [
        (About.FACT, ObjectionOutcome.UPHELD, True, False, None),
        (About.FACT, ObjectionOutcome.PARTLY, False, True, None),
        (About.FACT, ObjectionOutcome.UPHELD, False, False, objections.NoCorrectionError),
        (About.FACT, ObjectionOutcome.REFUSED, False, False, None),
        (About.FACT, ObjectionOutcome.REFUSED, True, False, objections.NothingToPostError),
        (About.FACT, ObjectionOutcome.REFUSED, False, True, objections.NothingToPostError),
        (About.MISSING, ObjectionOutcome.UPHELD, False, True, None),
        (About.MISSING, ObjectionOutcome.UPHELD, True, False, objections.NoCorrectionError),
        (About.STANDING, ObjectionOutcome.UPHELD, False, False, None),
        (About.STANDING, ObjectionOutcome.UPHELD, False, True, objections.NothingToPostError),
    ],
)
def test_a_correction_goes_with_its_answer(about, outcome, take_back, adds, refusal):
    if refusal is None:
        objections.check_correction(about, outcome, take_back=take_back, adds=adds)
    else:
        with pytest.raises(refusal):
            objections.check_correction(about, outcome, take_back=take_back, adds=adds)


@pytest.mark.parametrize(
    ("today", "until", "refusal"),
    [
        (date(2026, 7, 8), date(2026, 7, 8), None),
        (date(2026, 7, 9), date(2026, 7, 8), objections.TooLateToEscalateError),
        (date(2026, 7, 6), None, objections.TooEarlyToEscalateError),  # the branch still has this day
        (date(2026, 7, 7), None, None),
    ],
)
def test_it_goes_further_within_its_days(today, until, refusal):
    days = {"answer_by": date(2026, 7, 6), "escalate_until": until}
    if refusal is None:
        objections.check_escalation(today, **days)
    else:
        with pytest.raises(refusal):
            objections.check_escalation(today, **days)


@pytest.mark.parametrize(
    ("day", "quarter", "same_as", "passes"),
    [
        (date(2026, 1, 1), 2, None, True),
        (date(2025, 12, 31), 2, None, False),
        (date(2025, 12, 31), 2, date(2025, 12, 31), True),  # the day of the fact itself
        (date(2026, 6, 30), 2, None, True),
        (date(2026, 7, 1), 2, None, False),
        (date(2026, 7, 6), None, None, True),
        (date(2026, 7, 7), None, None, False),  # lies ahead
    ],
)
def test_a_correction_is_of_the_period(day, quarter, same_as, passes):
    said = {"year": 2026, "quarter": quarter, "today": date(2026, 7, 6), "same_as": same_as}
    if passes:
        objections.check_day(day, **said)
    else:
        with pytest.raises(objections.OutsideThePeriodError):
            objections.check_day(day, **said)


def test_what_an_objection_is_called():
    assert objections.called(2026, 3) == "2026-003"


@pytest.mark.parametrize(
    ("spans", "days", "has_score"),
    [
        ([], 0, True),
        ([(date(2026, 1, 1), date(2026, 7, 1))], 182, True),
        ([(date(2026, 1, 1), date(2026, 7, 2))], 183, False),
        ([(date(2025, 12, 1), date(2026, 1, 1))], 1, True),
        ([(date(2026, 12, 31), date(2027, 6, 1))], 1, False),  # on the last day
        ([(date(2026, 12, 1), date(2026, 12, 30))], 30, True),
        ([(date(2027, 1, 1), date(2027, 6, 1))], 0, True),
        ([(date(2026, 2, 1), date(2026, 2, 1)), (date(2026, 3, 1), date(2026, 3, 2))], 3, True),
    ],
)
def test_who_is_exempt_for_more_than_182_days_or_on_the_last_one_has_no_score(spans, days, has_score):
    assert (cycle.exempt_days(2026, spans), cycle.scored(2026, spans)) == (days, has_score)


def test_a_part_of_a_year_is_looked_at_on_its_own_last_day():
    spring = [(date(2026, 3, 1), date(2026, 3, 31))]
    assert not cycle.scored(2026, spring, on=date(2026, 3, 31))
    assert cycle.scored(2026, spring, on=date(2026, 6, 30))
    with pytest.raises(ImpossibleError):
        cycle.exempt_days(2026, [(date(2026, 3, 2), date(2026, 3, 1))])


@pytest.mark.parametrize(
    ("full_since", "graded", "advice"),
    [
        (None, False, False),
        (EVE, True, True),
        (date(2027, 1, 1), True, False),
        (date(2027, 2, 1), True, False),  # on the day of the review
        (date(2027, 2, 2), False, False),
    ],
)
def test_who_is_graded_on_the_day_of_the_review_and_advised_on_31_december(full_since, graded, advice):
    assert cycle.standing(2026, date(2027, 2, 1), full_since) == cycle.YearEnd(graded=graded, advice=advice)


@pytest.mark.parametrize("review_on", [date(2025, 12, 31), date(2028, 1, 1)])
def test_the_review_of_a_year_is_held_in_it_or_in_the_next(review_on):
    with pytest.raises(ImpossibleError):
        cycle.standing(2026, review_on, None)


def test_31_march_is_the_last_day_for_rules_and_archive():
    last = date(2027, 3, 31)
    assert cycle.may_publish_rules(2026, last, None)
    assert not cycle.may_publish_rules(2026, date(2027, 4, 1), None)
    assert archive.may_archive(2026, 1, last, last)
    assert not archive.may_archive(2026, 1, date(2027, 4, 1), last)
    assert archive.may_archive(2026, 2, date(2027, 4, 1), last)  # opened again
    assert not archive.may_archive(2026, 1, EVE, last)
    assert not archive.may_archive(2026, 2, EVE, last)


@pytest.mark.parametrize(("days", "passes"), [(2, False), (3, True), (10, True), (11, False)])
def test_a_publicity_lasts_three_to_ten_working_days(days, passes):
    if passes:
        publicity.check_days(days)
    else:
        with pytest.raises(publicity.DaysError):
            publicity.check_days(days)


@pytest.mark.parametrize(
    ("period", "first", "last", "opens", "days"),
    [
        (Period(2026, 1), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), 3),
        (Period(2026, 3), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 8), 3),
        (Period(2026, 4), date(2026, 10, 1), EVE, None, 3),
        (Period(2026), date(2026, 1, 1), EVE, date(2026, 12, 15), 5),
    ],
)
def test_days_of_a_period(period, first, last, opens, days):
    """§3: a quarter from the first working day after it, the year from 15 December."""
    assert (period.first, period.last, period.days) == (first, last, days)
    assert opens is None or period.opens(workdays.PUBLISHED) == opens


def test_which_quarter_a_secretary_works_on():
    assert publicity.of_today(date(2026, 9, 30)) == Period(2026, 2)
    assert publicity.of_today(date(2026, 10, 7)) == Period(2026, 2)
    assert publicity.of_today(date(2026, 10, 8)) == Period(2026, 3)
    assert publicity.of_today(date(2026, 1, 1)) == Period(2025, 3)
    assert publicity.of_today(date(2026, 4, 1)) == Period(2026, 1)


@pytest.mark.parametrize(
    ("year", "quarter", "there_is"),
    [
        *((2026, quarter, True) for quarter in (1, 2, 3, 4, None)),
        (2000, 1, True),
        (2999, None, True),
        (1999, 4, False),
        (3000, 1, False),
        (2026, 0, False),
        (2026, 5, False),
    ],
)
def test_which_periods_there_are(year, quarter, there_is):
    if there_is:
        assert publicity.period(year, quarter) == (year, quarter)
    else:
        with pytest.raises(NotFoundError):
            publicity.period(year, quarter)


def test_a_year_waits_until_its_quarters_are_settled():
    opens = date(2026, 12, 15)
    publicity.check_opening(Period(2026), opens, workdays.PUBLISHED, set())
    publicity.check_opening(Period(2026), opens, workdays.PUBLISHED, {Period(2026)})
    publicity.check_opening(Period(2026, 3), opens, workdays.PUBLISHED, {Period(2026, 2)})
    with pytest.raises(publicity.TooEarlyError):
        publicity.check_opening(Period(2026), date(2026, 12, 14), workdays.PUBLISHED, set())
    with pytest.raises(publicity.PreviousUnsettledError):
        publicity.check_opening(Period(2026), opens, workdays.PUBLISHED, {Period(2026, 2)})


def test_the_steps_of_a_publicity_follow_each_other():
    taken = [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
    acts = [
        publicity.next_act(checked=checked, approved=approved, published=published)
        for checked, approved, published in taken
    ]
    assert acts == [Act.CHECK, Act.APPROVE, Act.PUBLISH, None]


@pytest.mark.parametrize(
    ("today", "pending", "closed", "state"),
    [
        (5, False, None, "publicised"),
        (6, False, None, "objections"),
        (10, False, None, "objections"),
        (11, True, None, "objections"),
        (11, False, None, "settled"),
        (11, False, publicity.State.SIGNED, "signed"),
        (10, False, publicity.State.SIGNED, "objections"),
    ],
)
def test_where_a_period_stands_on_the_last_days(today, pending, closed, state):
    """Publicised until 5 June, objections until the 10th."""
    june = [date(2026, 6, day) for day in (5, 10, today)]
    assert publicity.state_of(*june, pending=pending, closed=closed) == state
    assert publicity.state_of(None, None, june[2], pending=pending, closed=closed) == "open"


@pytest.mark.parametrize(
    ("year", "on", "opened", "excepted", "refusal"),
    [
        (2026, date(2026, 6, 1), None, False, None),
        (2027, date(2026, 6, 1), None, False, None),
        (2028, date(2026, 6, 1), None, False, drafts.FarYearError),
        (2025, date(2026, 3, 31), None, False, None),
        (2025, date(2026, 4, 1), None, False, drafts.YearOverError),
        (2025, date(2026, 4, 1), None, True, drafts.YearOverError),
        (2026, date(2026, 4, 1), date(2026, 4, 1), False, drafts.TooLateError),
        (2026, date(2026, 4, 1), date(2026, 4, 1), True, None),
        (2026, date(2026, 3, 31), date(2026, 4, 1), False, None),
    ],
)
def test_for_which_year_rules_are_published(year, on, opened, excepted, refusal):
    """§6: this year or the next, and before its first publicity but for an exception."""
    if refusal is None:
        drafts.check_year(year, on, opened, excepted=excepted)
    else:
        with pytest.raises(refusal):
            drafts.check_year(year, on, opened, excepted=excepted)


def test_who_comes_too_late_is_told_from_which_year_on_it_can_be():
    opened = date(2026, 4, 1)
    for year, on, following in ((2026, opened, "2027"), (2025, date(2026, 3, 31), "2027"), (2027, opened, "2028")):
        with pytest.raises(drafts.TooLateError) as refusal:
            drafts.check_year(year, on, date(2026, 3, 1))
        assert f"{following}" in str(refusal.value.sentence)


def test_a_version_has_the_next_number_of_its_year():
    assert drafts.next_version(2026, []) == "2026.1"
    assert drafts.next_version(2026, ["2025.7", "2026.1", "2026.10", "2026.9"]) == "2026.11"


def test_nothing_is_counted_before_it_is():
    assert Counts() == Counts(sheets=0, changed=0)


SAM, DORA, ALICE, EVA = (UUID(int=number) for number in range(4))


@pytest.mark.parametrize(
    ("roles", "me", "deciders", "leaders", "may"),
    [
        ([Role.SECRETARY], SAM, {SAM}, {SAM}, True),
        ([Role.DEPUTY], DORA, {SAM, DORA}, {SAM, DORA}, True),
        ([Role.SECRETARY], ALICE, {ALICE}, {ALICE}, False),  # nobody proposes the own sheet
        ([Role.ORGANISATION], EVA, {EVA, SAM}, {SAM}, False),  # the secretary does
        ([Role.ORGANISATION], EVA, {EVA, ALICE}, {ALICE}, True),  # there is none but the subject
        ([Role.SUPERVISOR], EVA, {ALICE}, {ALICE}, True),
        ([Role.SUPERVISOR], EVA, {ALICE, DORA}, {ALICE}, False),
        ([], EVA, {ALICE}, {ALICE}, False),
    ],
)
def test_who_says_first_that_the_sheet_of_alice_is_archived(roles, me, deciders, leaders, may):
    assert archive.may_propose(roles, me, ALICE, deciders, leaders) is may


@pytest.mark.parametrize(
    ("number", "of", "shown"),
    [
        (4, 20, Cell(None, is_small=True)),
        (5, 20, Cell(5)),
        (15, 20, Cell(15)),
        (16, 20, Cell(None)),
        (5, 9, Cell(None)),
        (5, 10, Cell(5)),
    ],
)
def test_neither_a_few_nor_all_but_a_few_are_shown(number, of, shown):
    assert trials.cell(number, of) == shown


@pytest.mark.parametrize(
    ("small", "left_out", "sheets", "changed"),
    [
        ([], 0, 20, 10),
        ([(20, 4), (20, 1)], 2, 20, 10),  # five of at most eight: either would be told within four
        ([(20, 2), (20, 1), (20, 1)], 3, 20, 10),
        ([(20, 2), (20, 2), (20, 1)], 0, 80, 15),  # five to seven of twelve: each may still be any of the five
        ([(20, 4), (20, 3), (20, 0)], 0, 80, 17),
        ([(20, 4), (20, 4), (20, 0)], 3, 20, 10),
        ([(20, 18), (20, 18), (20, 17)], 0, 80, 63),  # and all but a few likewise: from 16 on nothing is shown
        ([(20, 20), (20, 20), (20, 16)], 3, 20, 10),
    ],
)
def test_what_is_not_shown_is_not_found_by_subtraction(small, left_out, sheets, changed):
    """One branch of twenty with ten changes, and others whose numbers are too small."""
    counted = {UUID(int=place): Counts(*one) for place, one in enumerate([(20, 10), *small])}
    found = trials.result(counted)
    assert (found.left_out, found.sheets, found.changed.number) == (left_out, sheets, changed)


@pytest.mark.parametrize(
    ("filed", "days"),
    [
        ({}, ("07-06", "07-09", True, "07-16", "07-16", "07-21", True, "07-30")),
        ({"filed_on": "07-01"}, ("07-06", "07-09", True, "07-08", "07-08", "07-13", True, "07-22")),
        ({"filed_on": "07-10"}, ("07-06", "07-09", False, "07-17", "07-17", "07-22", True, "07-31")),
        (
            {"filed_on": "07-02", "answered_on": "07-03", "escalated_on": "07-09"},
            ("07-06", "07-09", True, "07-09", "07-03", "07-08", False, "07-23"),
        ),
        ({"filed_on": "07-02", "silent": True}, ("07-06", "07-09", True, "07-09", "07-10", None, True, "07-24")),
    ],
    ids=["the last days", "the first day", "late", "further too late", "a silent branch"],
)
def test_the_days_of_a_publicity_that_opens_on_1_july_2026_for_three_days(filed, days):
    """§3: three days to object, five to answer, three to go further, ten for the committee; working days all."""
    of = {name: said if isinstance(said, bool) else date.fromisoformat(f"2026-{said}") for name, said in filed.items()}
    found = cycle.deadlines(date(2026, 7, 1), 3, cycle.Filed(**of))
    assert [f"{day:%m-%d}" if isinstance(day, date) else day for day in astuple(found)] == list(days)

"""What an installation does without is asked of nobody, and who leaves it out is noted (decision 0033)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.settings import settings
from app.features.audit import seals, switches
from app.features.ledger import fact_sources
from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.scores import words
from app.features.scores.queries import kept_types
from app.features.scores.sheet import Advice
from tests.features.scores.facts import RULES, facts, good_year, line, sheet
from tests.features.scores.makers import make_facts

WISH = FactType.SERVICE_WISH_REALISED
WITHOUT_WISHES = tuple(kind for kind in FactType if kind is not WISH)


def without_wishes(*less):
    """A year in which everything went well, of what can be done there, without facts of ``less``."""
    return [one for one in good_year() if one.fact_type not in {WISH, *less}]


def test_ninety_of_a_hundred_are_eighty_seven_point_three_of_ninety_seven():
    best = sheet(*without_wishes(), kept=WITHOUT_WISHES)
    assert (best.total, best.maximum, best.asks(9000)) == (9700, 9700, 8730)
    assert (best.advice, best.double_good) == (Advice.EXCELLENT_SUGGESTED, True)
    assert [one.at_least for one in best.double_good_lines] == [3400, 3995]  # 34 of 40, and 42.5 of 50 is 39.95 of 47


@pytest.mark.parametrize(("review", "advice"), [(830, Advice.EXCELLENT_SUGGESTED), (829, Advice.QUALIFIED)])
def test_the_line_is_there_to_the_hundredth(review, advice):
    """97, less four absences, and less 1.70 in the review."""
    of_here = [*without_wishes(FactType.REVIEW_RESULT), facts("attendance.absent", 4)]
    found = sheet(*of_here, facts("review.result", quantity=review, in_month=12), kept=WITHOUT_WISHES)
    assert (found.total, found.advice) == (9700 - 800 - 1000 + review, advice)


def test_with_everything_kept_the_lines_stand_as_they_are_written():
    whole = sheet(*good_year())
    assert (whole.asks(9000), [one.at_least for one in whole.double_good_lines]) == (9000, [3400, 4250])


def test_the_sheet_says_what_is_not_there(english):
    service = line("D2", *without_wishes(), kept=WITHOUT_WISHES)
    assert (service.points, service.maximum) == (300, 300)
    assert "Wish realised and revisited: not kept here" in words.line_words(service)
    quiz = line("B2", kept=tuple(kind for kind in FactType if kind is not FactType.STUDY_QUIZ_PASSED))
    assert [said for said in words.line_words(quiz) if said.endswith("not kept here")]
    said = words.bands_words(RULES, sheet(*without_wishes(), kept=WITHOUT_WISHES))
    assert said.startswith("from 87.3: ")
    assert said.endswith("in proportion to the 97 points that can be had here")


@pytest.fixture
def without(monkeypatch):
    fact_sources.expect_none([WISH], sources=())
    yield
    fact_sources.expect_none([], sources=())


def test_a_wish_of_a_year_raises_nobody_s_maximum_in_another(given, database, alice, without):
    given(make_facts, alice, WISH, date(2025, 12, 31))
    with database.read() as session:
        assert WISH in kept_types(session, 2025)
        assert WISH not in kept_types(session, 2026)
        assert WISH not in kept_types(session, 2024)


def leave_out(monkeypatch, *names):
    said = settings().model_copy(update={"off": names})
    monkeypatch.setattr(switches, "settings", lambda: said)


def noted(session):
    rows = select(AuditEntry.changes).where(AuditEntry.action == AuditAction.SETTINGS_CHANGED).order_by(AuditEntry.id)
    return [changes["off"] for changes in session.scalars(rows)]


def test_who_leaves_something_out_is_noted_once_for_each_change(database, monkeypatch):
    """Nobody does it alone and unseen: the audit administrator reads it."""
    now = clock.now()
    for off, times in (("", 2), ("wishes, quiz", 2), ("wishes", 1), ("", 2)):
        leave_out(monkeypatch, *filter(None, off.split(", ")))
        for _time in range(times):
            with database.write() as session:
                switches.note(session, now)
    with database.read() as session:
        assert noted(session) == [[None, "quiz, wishes"], ["quiz, wishes", "wishes"], ["wishes", None]]


def test_what_holds_is_said_again_before_the_log_forgets_it(database, monkeypatch):
    leave_out(monkeypatch, "wishes")
    now = clock.now()
    for days, said in ((0, 1), (1, 0), (335, 0), (337, 1)):
        with database.write() as session:
            assert switches.note(session, now + timedelta(days=days)) == said
    seals.seal_all(database)
    with database.read() as session:
        assert noted(session)[-1] == ["wishes", "wishes"]

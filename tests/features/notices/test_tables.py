"""How polite reminders are, in numbers: red line 7 and docs/domain.md §9."""

from datetime import timedelta

from app.features.notices import rules


def test_limits():
    assert timedelta(days=3) == rules.EVERY
    assert (rules.FIRST_HOUR, rules.LAST_HOUR) == (8, 20)
    assert timedelta(days=60) == rules.KEPT
    assert timedelta(days=400) == rules.SILENCE_KEPT


def test_words_are_kept_as_they_are():
    assert [state.value for state in rules.ReminderState] == ["shown", "put_aside", "silenced", "settled"]

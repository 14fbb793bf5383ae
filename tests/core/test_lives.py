"""A value with its words, and a table of steps over such values."""

import pytest

from app.core.i18n import lazy_gettext as _
from app.core.i18n import use_language
from app.core.life import Life, StepRefusedError
from app.core.words import Word


class State(Word):
    DRAFT = "draft", _("a draft")
    OPEN = "open", _("open"), "gold"
    DONE = "done", _("done"), "ok"


class Step(Word):
    ENTER = "enter", _("Entered")
    OPEN = "open", _("Published")
    END = "end", _("Done")


LIFE = Life(
    State,
    {Step.OPEN: ({State.DRAFT}, State.OPEN), Step.END: ({State.DRAFT, State.OPEN}, State.DONE)},
)


def test_a_value_is_stored_as_itself_and_read_in_words(english):
    assert (State.OPEN, State.OPEN.value, f"{State.OPEN}", State("open")) == ("open", "open", "open", State.OPEN)
    assert (str(State.DRAFT.label), State.DRAFT.tone, State.OPEN.tone) == ("a draft", "", "gold")
    assert State.choices()[2] == ("done", State.DONE.label)


def test_the_words_speak_the_language_of_whoever_reads(english):
    in_english = str(State.DONE.label)
    use_language("zh_CN")
    assert str(State.DONE.label) != in_english


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_only_the_steps_of_the_table_lead_on(state, step):
    expected = {
        ("draft", "open"): State.OPEN,
        ("draft", "end"): State.DONE,
        ("open", "end"): State.DONE,
    }.get((state, step))
    assert LIFE.may(state, step) == (expected is not None)
    if expected is None:
        with pytest.raises(StepRefusedError, match="step_refused") as refused:
            LIFE.after(state, step)
        assert str(state.label) in refused.value.sentence
    else:
        assert LIFE.after(state, step) is expected


def test_where_no_step_leads_out_it_ends():
    assert LIFE.terminal == {State.DONE}

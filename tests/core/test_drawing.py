"""Templates call at the price of the call, and what they draw is what Jinja draws by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup

from app.core import drawing, i18n

TEXTS = st.text(alphabet="a<&'\"%é亮 ", max_size=8)
VALUES = st.one_of(TEXTS, st.integers(), TEXTS.map(Markup), TEXTS.map(i18n.LazyText))
PAGES = {
    "asked": """{% macro bold(what, end="!") %}<b>{{ what }}{{ end }}</b>{% endmacro %}
{% macro around(what) %}<i>{{ what }}{{ caller() }}</i>{% endmacro %}
{% for one in several %}{% set said = _("said %(one)s, 5%%", one=one) %}{{ said }}{{ bold(one) }}
{{ bold(one, end=said) }}
{% call around(one) %}{{ _("in <it>") }}{{ loop.index }}{% endcall %}{{ text.upper() }}{{ name_of("several")|length }}
{{ ngettext("%(n)s day of %(num)s", "%(n)s days of %(num)s", loop.index, n=one) }}{% endfor %}""",
    "unknown": "{{ missing() }}",
}


@pass_context
def name_of(context, name):
    return context[name]


def jinja():
    return Environment(
        loader=DictLoader(PAGES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )


def environments():
    its_own, ours = jinja(), jinja()
    its_own.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)
    ours.context_class = drawing.Drawing
    ours.globals |= {"_": drawing.gettext, "ngettext": drawing.ngettext}
    for environment in (its_own, ours):
        environment.globals["name_of"] = name_of
    return its_own, ours


ITS_OWN, OURS = environments()


@given(several=st.lists(VALUES, max_size=3), text=TEXTS)
def test_sentences_macros_and_calls_are_drawn_as_jinja_draws_them(several, text):
    drawn = [one.get_template("asked").render(several=several, text=text) for one in (ITS_OWN, OURS)]
    assert drawn[1] == drawn[0]


def test_what_is_not_there_is_still_refused():
    with pytest.raises(UndefinedError):
        OURS.get_template("unknown").render()

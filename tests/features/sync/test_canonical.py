"""One content has one spelling, another content has another."""

import json
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.features.sync.reading import canonical, content_hash

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def shuffled(value, shuffle):
    """The same value with the keys of every object in another order."""
    if isinstance(value, dict):
        names = shuffle(list(value))
        return {name: shuffled(value[name], shuffle) for name in names}
    return [shuffled(item, shuffle) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_it_is_json_that_says_the_same(value):
    assert json.loads(canonical(value)) == value


@given(JSON)
def test_it_is_the_canonical_form_of_itself(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(JSON, st.randoms())
def test_the_order_of_keys_says_nothing(value, random):
    assert canonical(shuffled(value, lambda names: random.sample(names, len(names)))) == canonical(value)


@given(JSON, st.booleans(), st.sampled_from([None, 2]))
def test_escapes_and_spaces_say_nothing(value, ascii_only, indent):
    sent = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert canonical(json.loads(sent)) == canonical(value)


@given(JSON, JSON)
def test_other_content_has_another_spelling(one, other):
    assume(json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True))
    assume(one != other)  # 1 and 1.0 are one number; True and 1 are told apart below
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("same", [["1", "1.0", "1e0", "10e-1"], ["0", "-0", "0.0", "-0.0"], ["120", "1.2e2"]])
def test_a_number_has_one_spelling(same):
    assert len({canonical(json.loads(text)) for text in same}) == 1


@pytest.mark.parametrize(
    "different",
    [
        ["1", "true"],
        ["0", "false", "null", '""'],
        ["9007199254740993", "9007199254740992"],
        ['"1"', "1"],
        ["0.1", "0.10000000000000002"],
    ],
)
def test_values_that_only_look_alike_stay_apart(different):
    assert len({canonical(json.loads(text)) for text in different}) == len(different)


def test_letters_that_look_alike_stay_apart():
    assert canonical("é") != canonical("e\u0301")  # nobody may change what a person typed


def test_keys_are_sorted_and_nothing_is_escaped_without_need():
    assert canonical({"分钟": 30, "a": [1.0, "“三会一课”\n"]}).decode() == '{"a":[1,"“三会一课”\\n"],"分钟":30}'


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "\0", {"\0": 1}, ["a\0"], "\ud800", {"\udfff": 1}])
def test_what_no_database_can_hold_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011 (a UnicodeEncodeError is one)
        canonical(value)


def test_the_hash_covers_kind_payload_and_time():
    whole = {"kind": "study.record", "payload": {"title": "党章"}, "occurred_at": "2026-03-09T10:00:00+08:00"}
    hashes = {
        content_hash(**whole),
        content_hash(**{**whole, "kind": "visit.note"}),
        content_hash(**{**whole, "payload": {"title": "党纲"}}),
        content_hash(**{**whole, "occurred_at": "2026-03-09T02:00:00Z"}),  # the text counts, not the moment
    }
    assert len(hashes) == 4
    assert all(len(digest) == 64 for digest in hashes)

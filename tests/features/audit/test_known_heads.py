"""What was printed or exported is read again, whichever way it was kept."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.chain import BEGINNING, Head, Link
from app.features.audit.known_heads import Comparison, DifferenceKind, KnownHead, read
from app.features.audit.rules import KEPT_FOR, LOG
from app.features.audit.seals import Entry

NOW = datetime(2026, 11, 29, 6, tzinfo=UTC)
NAMES = st.text(alphabet="第一二三党支部 (A)·", min_size=1, max_size=12).map(str.strip).filter(bool)
HEADS = st.tuples(NAMES, st.integers(1, 10**7), st.binary(max_size=8).map(lambda drawn: sha256(drawn).hexdigest()))


def head(seq, word="x"):
    return Head(seq, sha256(f"{word}{seq}".encode()).hexdigest())


def row(seq, word="x"):
    entry = Entry(seq, None, NOW, None, "", None, "", None, {})
    return Link(entry, "", head(seq, word).digest)


def compared(known, rows, *, forgotten=0, ends=None):
    comparison = Comparison(known)
    assert list(comparison.watching(rows)) == rows
    return comparison.differences(ends=ends or {"A": len(rows)}, forgotten=forgotten, now=NOW)


@given(st.lists(HEADS, min_size=1, max_size=5))
def test_what_is_printed_is_read(heads):
    printed = "\n".join(f"{name}  {Head(seq, digest).short}  {digest}" for name, seq, digest in heads)
    found = read(f"2026-11-29T14:00:00+08:00\n{printed}\nBranches: 2, rows: 4.\n")
    assert found == [KnownHead(name, seq, digest, NOW) for name, seq, digest in heads]


@given(st.lists(st.lists(HEADS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_is_exported_is_read_also_several_one_after_the_other(exports):
    rows = [[dict(zip(("branch", "seq", "digest"), head, strict=True)) for head in one] for one in exports]
    text = "\n".join(json.dumps({"at": NOW.isoformat(), "heads": heads}) for heads in rows)
    assert read(text) == [KnownHead(name, seq, digest, NOW) for one in exports for name, seq, digest in one]


@pytest.mark.parametrize("form", ["{}:{}", "{}:{} ", "row {}:{}"])
def test_the_short_form_alone(form):
    number, digits = head(7).short.split(":")
    (found,) = read(form.format(number, digits))
    assert (found.seq, found.digest) == (7, head(7).digest[:20])


def export(**said):
    row = {"branch": "A", "seq": 3, "digest": head(3).digest}
    return json.dumps({"at": NOW.isoformat(), "heads": [row | said]})


def test_what_an_editor_or_a_hand_makes_of_it_is_read_as_well():
    assert read("\ufeff" + export()) == read(export())  # not as text, in which nothing would count the digest again
    assert read(export(digest=head(3).digest.upper(), branch_id="x")) == [KnownHead("A", 3, head(3).digest, NOW, "x")]
    two = read(f"{head(3).short} {head(7).short} {head(7).digest}")
    assert [(one.seq, one.digest) for one in two] == [(3, head(3).digest[:20]), (7, head(7).digest)]


NO_HEADS = [
    *("", "7", "7:1a2b-3c4d", "hello", "{", "[]", '{"at": 1}', "g" * 64, "a" * 65),
    *(export(digest=digest) for digest in ("", "00", head(3).digest[:20], head(3).digest + "0", None)),
    *(export(seq=seq) for seq in (None, "x", float("inf"))),
    *('{"at": "2026-11-29T06:00:00", "heads": ' + rows for rows in ("[1]}", f"[{export()}]}}", "7}")),
    export().replace("+00:00", ""),
    '{"at":' * 100_000,
]


@pytest.mark.parametrize("typed", NO_HEADS, ids=range(len(NO_HEADS)))
def test_anything_else_is_no_head(typed):
    with pytest.raises(ValueError):  # noqa: PT011 (JSON's own message is as good)
        read(typed)


def test_a_chain_that_grew_is_the_same_chain():
    assert compared([KnownHead("A", 2, head(2).digest)], [row(seq) for seq in range(1, 6)]) == []
    assert compared([KnownHead("A", 0, BEGINNING)], [row(1)]) == []


def test_another_number_is_another_row():
    (found,) = compared([KnownHead("A", 3, head(2).digest)], [row(seq) for seq in range(1, 6)])
    assert found.kind is DifferenceKind.CHANGED


def test_what_happened_is_told_apart():
    rows = [row(1), row(2), row(3, "y"), row(4, "y")]
    kept = [KnownHead("A", seq, head(seq).digest) for seq in (1, 2, 4, 9)]
    (found,) = compared(kept, rows)
    assert (found.kind, found.known.seq, found.proved) == (DifferenceKind.CHANGED, 4, 2)
    (cut,) = compared(kept[:2] + kept[3:], rows)
    assert (cut.kind, cut.end) == (DifferenceKind.CUT, 4)
    (unknown,) = compared([KnownHead("B", 1, head(8).digest)], rows)
    assert unknown.kind is DifferenceKind.UNKNOWN
    assert unknown.is_fault


@pytest.mark.parametrize(
    ("age", "kind"),
    [
        (timedelta(days=30), DifferenceKind.FORGOTTEN_EARLY),
        (KEPT_FOR, DifferenceKind.FORGOTTEN),
        (None, DifferenceKind.FORGOTTEN),
    ],
)
def test_of_the_log_what_was_forgotten_in_time_is_no_fault(age, kind):
    known = KnownHead(LOG, 2, head(2).digest, NOW - age if age else None)
    (found,) = compared([known], [row(4)], forgotten=3, ends={LOG: 4})
    assert found.kind is kind
    assert found.is_fault == (kind is DifferenceKind.FORGOTTEN_EARLY)


def test_a_fault_hides_behind_nothing_that_was_forgotten():
    old = KnownHead(LOG, 2, head(2).digest, NOW - KEPT_FOR)
    bad = KnownHead(LOG, 4, head(4, "y").digest, NOW)
    (found,) = compared([old, bad], [row(4)], forgotten=3, ends={LOG: 4})
    assert found.known == bad

"""Whoever changes, removes or swaps a row of the ledger is seen, and the first bad row is named."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.chain import BEGINNING, ChainFault, FaultKind, Head, Link, canonical, digest_of, first_fault
from app.features.ledger.chain import Entry
from app.features.ledger.rules import FactType

BRANCH, ALICE, SAM, DEPUTY = (UUID(int=number) for number in (1, 2, 3, 4))
NOON = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)


def entry(seq, **changes):
    plain = Entry(
        branch_id=BRANCH,
        seq=seq,
        id=UUID(int=1000 + seq),
        member_id=ALICE,
        fact_type=FactType.STUDY_ITEM,
        grade="",
        quantity=100,
        occurred_on=date(2026, 3, 14),
        counts_in=date(2026, 3, 1),
        source="study.record",
        source_id=f"{UUID(int=2000 + seq)}:1",
        matter="",
        recorded_by_id=SAM,
        confirmed_by_id=DEPUTY,
        note="党章学习",
        reversal_of=None,
        posted_at=NOON + timedelta(minutes=seq),
    )
    return plain._replace(**changes)


def chain(length=6):
    links, previous = [], BEGINNING
    for seq in range(1, length + 1):
        digest = digest_of(entry(seq), previous)
        links.append(Link(entry(seq), previous, digest))
        previous = digest
    return links


def head_of(links):
    return Head(links[-1].entry.seq, links[-1].digest) if links else Head(0, BEGINNING)


CHANGES = {
    "branch_id": UUID(int=9),
    "seq": 40,
    "id": UUID(int=9),
    "member_id": UUID(int=9),
    "fact_type": FactType.STUDY_SESSION,
    "grade": "good",
    "quantity": 101,
    "occurred_on": date(2026, 3, 15),
    "counts_in": date(2026, 4, 1),
    "source": "roster",
    "source_id": "another",
    "matter": "flood",
    "recorded_by_id": UUID(int=9),
    "confirmed_by_id": None,
    "note": "",
    "reversal_of": UUID(int=9),
    "posted_at": NOON,
}


def test_an_untouched_chain_has_no_fault():
    links = chain()
    assert first_fault(links, head_of(links)) is None
    assert first_fault([], Head(0, BEGINNING)) is None


@pytest.mark.parametrize("column", Entry._fields)
def test_every_column_is_covered(column):
    changed = entry(3)._replace(**{column: CHANGES[column]})
    assert digest_of(changed, BEGINNING) != digest_of(entry(3), BEGINNING)
    assert digest_of(entry(3), "1" * 64) != digest_of(entry(3), BEGINNING)


@pytest.mark.parametrize("column", [name for name in Entry._fields if name != "seq"])
@pytest.mark.parametrize("seq", [1, 3, 6])
def test_a_changed_row_is_named(column, seq):
    links = chain()
    row = links[seq - 1]
    links[seq - 1] = row._replace(entry=row.entry._replace(**{column: CHANGES[column]}))
    assert first_fault(links, head_of(links)) == ChainFault(FaultKind.CHANGED, seq)


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_row_changed_together_with_its_digest_is_named(seq):
    links = chain()
    row = links[seq - 1]
    forged = row.entry._replace(quantity=900)
    links[seq - 1] = Link(forged, row.previous_digest, digest_of(forged, row.previous_digest))
    assert first_fault(links, head_of(chain())) == ChainFault(FaultKind.CHANGED, seq)


def test_the_last_row_changed_together_with_its_digest_contradicts_the_head():
    links = chain()
    forged = links[-1].entry._replace(quantity=900)
    links[-1] = Link(forged, links[-1].previous_digest, digest_of(forged, links[-1].previous_digest))
    assert first_fault(links, head_of(chain())) == ChainFault(FaultKind.HEAD, 6)


@pytest.mark.parametrize("seq", range(1, 7))
def test_a_removed_row_is_named(seq):
    links = chain()
    gone = links.pop(seq - 1)
    assert first_fault(links, head_of(chain())) == ChainFault(FaultKind.REMOVED, gone.entry.seq)


def test_a_chain_that_was_emptied_misses_its_first_row():
    assert first_fault([], head_of(chain())) == ChainFault(FaultKind.REMOVED, 1)


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (5, 6)])
def test_rows_that_exchanged_their_numbers_are_named(one, other):
    links = chain()
    first, second = links[one - 1], links[other - 1]
    links[one - 1] = second._replace(entry=second.entry._replace(seq=one))
    links[other - 1] = first._replace(entry=first.entry._replace(seq=other))
    assert first_fault(links, head_of(chain())) == ChainFault(FaultKind.SWAPPED, one)


def test_a_removed_row_hidden_by_renumbering_shows_at_its_place():
    links = chain()
    del links[2]
    links[2:] = [row._replace(entry=row.entry._replace(seq=row.entry.seq - 1)) for row in links[2:]]
    assert first_fault(links, head_of(links)) == ChainFault(FaultKind.SWAPPED, 3)


def test_a_row_added_past_the_head_is_named():
    links = chain()
    assert first_fault(links, head_of(links[:-1])) == ChainFault(FaultKind.HEAD, 6)


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_is_a_sentence_with_the_row(kind):
    assert "7" in ChainFault(kind, 7).sentence


def test_the_canonical_form_is_plain_json_in_one_spelling():
    eastern = entry(3, posted_at=entry(3).posted_at.astimezone(timezone(timedelta(hours=8))))
    content = json.loads(canonical(eastern))
    assert canonical(eastern) == canonical(entry(3))
    assert list(content) == sorted(Entry._fields)
    assert content["posted_at"] == "2026-03-14T04:03:00.000000+00:00"
    assert content["fact_type"] == "study.item"
    assert content["reversal_of"] is None


def test_a_moment_without_a_zone_has_no_canonical_form():
    with pytest.raises(ValueError, match="time zone"):
        canonical(entry(3, posted_at=NOON.replace(tzinfo=None)))


def test_a_value_of_another_kind_has_no_canonical_form():
    with pytest.raises(TypeError, match="set"):
        canonical(entry(3, note={"a"}))


@given(st.text(), st.text(), st.text(), st.text())
def test_text_never_flows_from_one_column_into_the_next(source, source_id, other_source, other_source_id):
    same = (source, source_id) == (other_source, other_source_id)
    one = digest_of(entry(1, source=source, source_id=source_id), BEGINNING)
    two = digest_of(entry(1, source=other_source, source_id=other_source_id), BEGINNING)
    assert (one == two) is same

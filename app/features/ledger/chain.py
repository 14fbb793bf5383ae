"""The hash chain of a branch: each row's digest covers the row and the digest before it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.ledger.rules import FactType

BEGINNING: Final = "0" * 64
"""What the first row of a branch names as the digest before it."""


class Entry(NamedTuple):
    """One row of the ledger: every column but the two digests. A column added here is covered by itself."""

    branch_id: UUID
    seq: int
    """1, 2, 3 … within the branch, without a gap."""
    id: UUID
    member_id: UUID
    fact_type: FactType
    grade: str
    quantity: int
    """Hundredths; negative on a reversal."""
    occurred_on: date
    counts_in: date
    source: str
    source_id: str
    matter: str
    recorded_by_id: UUID
    confirmed_by_id: UUID | None
    note: str
    reversal_of: UUID | None
    posted_at: datetime


class Link(NamedTuple):
    """A row as it stands in the database: its content and its two digests."""

    entry: Entry
    previous_digest: str
    digest: str


class Head(NamedTuple):
    """Where a branch's chain ends, kept in a row of its own."""

    seq: int
    """0 before the first fact."""
    digest: str


class FaultKind(StrEnum):
    """What can have happened to a chain."""

    CHANGED = "changed"
    REMOVED = "removed"
    SWAPPED = "swapped"
    HEAD = "head"


FAULT_SENTENCES: Final = {
    FaultKind.CHANGED: _("Row %(seq)s was changed after it was written."),
    FaultKind.REMOVED: _("Row %(seq)s was removed."),
    FaultKind.SWAPPED: _("Row %(seq)s stands in a place that is not its own: rows were exchanged or renumbered."),
    FaultKind.HEAD: _("Row %(seq)s is the last one, but the branch's own record of its last row says otherwise."),
}


class Fault(NamedTuple):
    """The first row of a branch that is not as it was written."""

    kind: FaultKind
    seq: int

    @property
    def sentence(self) -> str:
        """What happened, for the person who checks."""
        text: LazyText = FAULT_SENTENCES[self.kind]
        return text % {"seq": self.seq}


def canonical(entry: Entry) -> bytes:
    """The row in the one form that is hashed: JSON, sorted keys, no spaces, ASCII, moments in UTC microseconds.

    Raises:
        ValueError: ``posted_at`` has no time zone.
    """
    if entry.posted_at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    content = entry._asdict() | {"posted_at": entry.posted_at.astimezone(UTC).isoformat(timespec="microseconds")}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=_as_text).encode("ascii")


def _as_text(value: object) -> str:
    """Ids and days by their standard spelling; anything else would be ambiguous.

    Raises:
        TypeError: a value of another type.
    """
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def fact_digest(entry: Entry, previous_digest: str) -> str:
    """SHA-256 over the digest before and the canonical row, as 64 hexadecimal digits."""
    return sha256(previous_digest.encode("ascii") + b"\n" + canonical(entry)).hexdigest()


def extend(heads: Mapping[UUID, Head], entries: Iterable[Entry]) -> Iterator[Link]:
    """``entries``, whatever their ``seq``, as the next rows of their branches' chains, which end at ``heads``."""
    ends = dict(heads)
    for entry in entries:
        end = ends[entry.branch_id]
        placed = entry._replace(seq=end.seq + 1)
        link = Link(placed, end.digest, fact_digest(placed, end.digest))
        ends[entry.branch_id] = Head(placed.seq, link.digest)
        yield link


def first_fault(links: Iterable[Link], head: Head) -> Fault | None:
    """The first row of a branch that is not as it was written, or None. ``links`` come in the order of ``seq``.

    Somebody who rewrites every later row and the head as well is not seen from inside: compare the head's
    digest with one that was printed or exported before.
    """
    last = Head(0, BEGINNING)
    for entry, previous_digest, digest in links:
        if entry.seq > last.seq + 1:
            return Fault(FaultKind.REMOVED, last.seq + 1)
        whole = fact_digest(entry, previous_digest) == digest
        follows = previous_digest == last.digest and entry.seq == last.seq + 1
        if not whole:
            return Fault(FaultKind.CHANGED if follows else FaultKind.SWAPPED, entry.seq)
        if not follows:  # this row is untouched, so the one before was rewritten together with its digest
            return Fault(FaultKind.CHANGED, max(last.seq, 1))
        last = Head(entry.seq, digest)
    if last.seq < head.seq:
        return Fault(FaultKind.REMOVED, last.seq + 1)
    if last != head:
        return Fault(FaultKind.HEAD, last.seq)
    return None

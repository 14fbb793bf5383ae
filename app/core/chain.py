"""Hash chains: each row's digest covers the row and the digest before it, so that a changed history shows.

The ledger has one for each branch, the audit log one for the whole house (docs/decisions/0027).
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from app.core.i18n import lazy_gettext as _
from app.core.words import Word

BEGINNING: Final = "0" * 64
"""What the first row of a chain names as the digest before it."""
SHORT: Final = 20
"""Hexadecimal digits of a digest's short form: 80 bits, too many to hit by trying, few enough to copy by hand."""


def spelled(digest: str) -> str:
    """A digest's short form in fours: ``1a2b-3c4d-5e6f-7a8b-9c0d``."""
    return "-".join(digest[start : start + 4] for start in range(0, SHORT, 4))


class Row(Protocol):
    """What stands in a chain: a named tuple with its number. A field added to it is covered by itself."""

    @property
    def seq(self) -> int:
        """1, 2, 3 … within the chain, without a gap."""

    def _asdict(self) -> dict[str, Any]: ...


E = TypeVar("E", bound=Row)


class Link(NamedTuple, Generic[E]):
    """A row as it stands in the database: its content and its two digests."""

    entry: E
    previous_digest: str
    digest: str


class Head(NamedTuple):
    """Where a chain ends (or begins again, once its oldest rows were forgotten)."""

    seq: int
    """0 before the first row."""
    digest: str

    @property
    def short(self) -> str:
        """``40:1a2b-3c4d-5e6f-7a8b-9c0d``, to print and to copy by hand."""
        return f"{self.seq}:{spelled(self.digest)}"

    @property
    def whole(self) -> str:
        """``40:`` and all 64 digits, to keep."""
        return f"{self.seq}:{self.digest}"


EMPTY: Final = Head(0, BEGINNING)
"""Where a chain without rows ends."""


class FaultKind(Word):
    """What can have happened to a chain."""

    CHANGED = "changed", _("Row %(seq)s was changed after it was written.")
    REMOVED = "removed", _("Row %(seq)s was removed.")
    SWAPPED = ("swapped", _("Row %(seq)s stands in a place that is not its own: rows were exchanged or renumbered."))
    HEAD = "head", _("Row %(seq)s is the last one, but the chain's own record of its last row says otherwise.")


class ChainFault(NamedTuple):
    """The first row of a chain that is not as it was written."""

    kind: FaultKind
    seq: int

    @property
    def sentence(self) -> str:
        """What happened, for the person who checks."""
        return self.kind.label % {"seq": self.seq}


def canonical(entry: Row) -> bytes:
    """The row in the one form that is hashed: JSON, sorted keys, no spaces, ASCII, moments in UTC microseconds.

    Raises:
        ValueError: a moment has no time zone.
    """
    return json.dumps(entry._asdict(), sort_keys=True, separators=(",", ":"), default=_as_text).encode("ascii")


def _as_text(value: object) -> str:
    """Ids, days and moments by their standard spelling; anything else would be ambiguous.

    Raises:
        TypeError: a value of another type.
        ValueError: a moment has no time zone.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def digest_of(entry: Row, previous_digest: str) -> str:
    """SHA-256 over the digest before and the canonical row, as 64 hexadecimal digits."""
    return sha256(previous_digest.encode("ascii") + b"\n" + canonical(entry)).hexdigest()


def linked(entry: E, end: Head) -> Link[E]:
    """``entry``, which is numbered already, as the next row of a chain that ends at ``end``."""
    return Link(entry, end.digest, digest_of(entry, end.digest))


def first_fault(links: Iterable[Link[Any]], head: Head, start: Head = EMPTY) -> ChainFault | None:
    """The first row of a chain that is not as it was written, or None. ``links`` come in the order of ``seq``.

    ``start`` is the last row before them, where earlier ones were forgotten. Somebody who rewrites every later row
    and the head as well is not seen from inside: the head is compared with one that was printed or exported before.
    """
    last = start
    for entry, previous_digest, digest in links:
        if entry.seq > last.seq + 1:
            return ChainFault(FaultKind.REMOVED, last.seq + 1)
        whole = digest_of(entry, previous_digest) == digest
        follows = previous_digest == last.digest and entry.seq == last.seq + 1
        if not whole:
            return ChainFault(FaultKind.CHANGED if follows else FaultKind.SWAPPED, entry.seq)
        if not follows:  # this row is untouched, so the one before was rewritten together with its digest
            return ChainFault(FaultKind.CHANGED, max(last.seq, start.seq + 1))
        last = Head(entry.seq, digest)
    if last.seq < head.seq:
        return ChainFault(FaultKind.REMOVED, last.seq + 1)
    if last != head:
        return ChainFault(FaultKind.HEAD, last.seq)
    return None

"""Heads of chains that were printed or exported before, and whether they still stand where they stood. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from app.core.chain import BEGINNING, SHORT, Head, Link
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.audit.rules import KEPT_FOR, LOG
from app.features.ledger.anchors import digest

L = TypeVar("L", bound=Link[Any])
_PRINTED: Final = re.compile(
    rf"(?<![0-9a-z-])(?:(\d+):)?((?:[0-9a-f]{{4}}-?){{{SHORT // 4},16}})(?![0-9a-z-])", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")


class KnownHead(NamedTuple):
    """The end of a chain as it was once."""

    chain: str
    """What it was called then; empty if only a digest was said."""
    seq: int | None
    digest: str
    """At least its first ``SHORT`` hexadecimal digits."""
    at: datetime | None = None
    """When it was exported, if that is said."""
    chain_id: str = ""
    """The id of the branch, or ``LOG``, if that is said: names change, and two may have one."""

    @property
    def key(self) -> str:
        """What tells its chain from others."""
        return self.chain_id or self.chain or self.digest


class ChangedFileError(ValueError):
    """A file whose digest is not that of its heads."""


class DifferenceKind(Word):
    """Why a head that was known before is on no chain now."""

    CHANGED = (
        "changed",
        _("Row %(seq)s is not the one that stood there; the first difference lies after row %(proved)s."),
    )
    CUT = ("cut", _("The chain ends at row %(end)s now; it had row %(seq)s. Row %(next)s is the first one missing."))
    FORGOTTEN_EARLY = "forgotten_early", _("Row %(seq)s is forgotten, although its twelve months are not over.")
    FORGOTTEN = "forgotten", _("Row %(seq)s is forgotten by now and cannot be compared; that is no fault.")
    UNKNOWN = "unknown", _("No chain has or had this row: %(digest)s.")


class Difference(NamedTuple):
    """A head that was known before and does not stand where it stood."""

    known: KnownHead
    kind: DifferenceKind
    proved: int = 0
    """The last row of its chain that a head of the same file proves."""
    end: int = 0
    """The last row of its chain now."""

    @property
    def is_fault(self) -> bool:
        """Whether something was touched; what was kept long enough only went."""
        return self.kind is not DifferenceKind.FORGOTTEN

    @property
    def sentence(self) -> str:
        """What is different, for the person who checks."""
        return self.kind.label % {
            "seq": self.known.seq,
            "digest": self.known.digest,
            "proved": self.proved,
            "end": self.end,
            "next": self.end + 1,
        }


def read(text: str) -> list[KnownHead]:
    """The heads in an earlier output, its JSON, several of either one after the other, or a head copied by hand.

    Raises:
        ChangedFileError: the digest of a day's file is not that of its heads.
        ValueError: there is none, or the JSON is not what was exported.
    """
    text = text.removeprefix("\ufeff")  # as an editor on Windows saves it
    heads = list(_from_json(text) if text.lstrip().startswith("{") else _from_text(text))
    if not heads:
        raise ValueError("no head")
    return heads


def _from_json(text: str) -> Iterator[KnownHead]:
    decoder, place = json.JSONDecoder(), 0
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        try:
            said, place = decoder.raw_decode(text, place)
            at = datetime.fromisoformat(said["at"])
            found = [_head(row, at) for row in said["heads"]]
        except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError("not an export of heads") from error
        ends = {head.chain_id: Head(head.seq or 0, head.digest) for head in found}
        if said.get("digest", digest(ends)) != digest(ends):
            raise ChangedFileError
        yield from found


def _head(row: Mapping[str, Any], at: datetime) -> KnownHead:
    """One of an export. Half a digest proves nothing, and an empty one would be found everywhere."""
    digest = str(row["digest"]).lower()
    if at.tzinfo is None or not _WHOLE.fullmatch(digest):
        raise ValueError("not an export of heads")
    chain = str(row.get("chain") or row.get("branch_id") or "")
    return KnownHead(str(row["branch"]), int(row["seq"]), digest, at, chain)


def _from_text(text: str) -> Iterator[KnownHead]:
    at = None
    for line in text.splitlines():
        if moment := _MOMENT.search(line):
            at = datetime.fromisoformat(moment[0])
        found: list[KnownHead] = []
        for one in _PRINTED.finditer(line):
            chain = found[0].chain if found else line[: one.start()].strip()
            head = KnownHead(chain, int(one[1]) if one[1] else None, one[2].replace("-", "").lower(), at)
            if found and head.seq is None and head.digest.startswith(found[-1].digest):
                found[-1] = found[-1]._replace(digest=head.digest)  # the whole digest after its short form
            else:
                found.append(head)
        yield from found


class Comparison:
    """Looks for known heads among the rows that pass, whichever chain they belong to: a digest names its chain."""

    def __init__(self, known: Iterable[KnownHead]) -> None:
        """Look for ``known``; a chain that was empty then is on every chain."""
        self.known = [head for head in known if head.digest != BEGINNING[: len(head.digest)]]
        self._sought: dict[str, list[KnownHead]] = {}
        for head in self.known:
            self._sought.setdefault(head.digest[:SHORT], []).append(head)
        self._proved: set[KnownHead] = set()

    def watching(self, links: Iterable[L]) -> Iterator[L]:
        """The same ``links``; those that were known are remembered."""
        for link in links:
            if link.digest[:SHORT] in self._sought:
                self.see(Head(link.entry.seq, link.digest))
            yield link

    def see(self, row: Head) -> None:
        """A row of a chain as it stands today."""
        for head in self._sought.get(row.digest[:SHORT], ()):
            if row.digest.startswith(head.digest) and head.seq in (None, row.seq):
                self._proved.add(head)

    def differences(self, *, ends: Mapping[str, int], forgotten: int, now: datetime) -> list[Difference]:
        """What is different, the first one of each chain. ``ends`` are the last rows of today's chains by name and id.

        Of the audit log, called ``LOG``, the rows up to ``forgotten`` are no longer kept.
        """
        found: dict[str, Difference] = {}
        proved: dict[str, int] = {}
        for head in sorted(self.known, key=lambda head: (head.key, head.seq or 0)):
            if head in self._proved:
                proved[head.key] = head.seq or 0
                continue
            kind = self._kind(head, ends=ends, forgotten=forgotten, now=now)
            if head.key not in found or not found[head.key].is_fault:
                found[head.key] = Difference(head, kind, proved.get(head.key, 0), ends.get(head.key, 0))
        return list(found.values())

    def _kind(self, head: KnownHead, *, ends: Mapping[str, int], forgotten: int, now: datetime) -> DifferenceKind:
        if head.seq is None or (head.key not in ends and not head.chain_id):
            return DifferenceKind.UNKNOWN
        if head.key == LOG and head.seq <= forgotten:
            early = head.at is not None and now - head.at < KEPT_FOR - timedelta(days=1)
            return DifferenceKind.FORGOTTEN_EARLY if early else DifferenceKind.FORGOTTEN
        return DifferenceKind.CUT if head.seq > ends.get(head.key, 0) else DifferenceKind.CHANGED

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

L = TypeVar("L", bound=Link[Any])
_PRINTED: Final = re.compile(
    rf"(?<![0-9a-z-])(?:(\d+):)?((?:[0-9a-f]{{4}}-?){{{SHORT // 4},16}})(?![0-9a-z-])", re.IGNORECASE
)
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


class DifferenceKind(Word):
    """Why a head that was known before is on no chain now."""

    CHANGED = (
        "changed",
        _("Row %(seq)s is not the one that stood there; the first difference lies after row %(proved)s."),
    )
    CUT = (
        "cut",
        _("The chain ends at row %(end)s now; it had row %(seq)s. Row %(next)s is the first one missing."),
    )
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
        ValueError: there is none, or the JSON is not what was exported.
    """
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
            for row in said["heads"]:
                yield KnownHead(str(row["branch"]), int(row["seq"]), str(row["digest"]), at)
        except (KeyError, TypeError) as error:
            raise ValueError("not an export of heads") from error


def _from_text(text: str) -> Iterator[KnownHead]:
    at = None
    for line in text.splitlines():
        if moment := _MOMENT.search(line):
            at = datetime.fromisoformat(moment[0])
        if found := list(_PRINTED.finditer(line)):  # the short form with its number, and the whole digest
            seq = next((int(one[1]) for one in found if one[1]), None)
            digest = max((one[2].replace("-", "").lower() for one in found), key=len)
            yield KnownHead(line[: found[0].start()].strip(), seq, digest, at)


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
        """What is different, the first one of each chain. ``ends`` are the last rows of today's chains by name.

        Of the audit log, called ``LOG``, the rows up to ``forgotten`` are no longer kept.
        """
        found: dict[str, Difference] = {}
        proved: dict[str, int] = {}
        for head in sorted(self.known, key=lambda head: (head.chain, head.seq or 0)):
            if head in self._proved:
                proved[head.chain] = head.seq or 0
                continue
            kind = self._kind(head, ends=ends, forgotten=forgotten, now=now)
            name = head.chain or head.digest
            if name not in found or not found[name].is_fault:
                found[name] = Difference(head, kind, proved.get(head.chain, 0), ends.get(head.chain, 0))
        return list(found.values())

    def _kind(self, head: KnownHead, *, ends: Mapping[str, int], forgotten: int, now: datetime) -> DifferenceKind:
        if head.seq is None or head.chain not in ends:
            return DifferenceKind.UNKNOWN
        if head.chain == LOG and head.seq <= forgotten:
            early = head.at is not None and now - head.at < KEPT_FOR - timedelta(days=1)
            return DifferenceKind.FORGOTTEN_EARLY if early else DifferenceKind.FORGOTTEN
        return DifferenceKind.CUT if head.seq > ends[head.chain] else DifferenceKind.CHANGED

"""Where every chain of the house ends: kept once a day, written into a file, found again by one digest.

What is kept here convinces nobody, since whoever owns the database can write it anew. It is the other half of a digest
that stands on paper or in a mail: the digest says that the ends kept here are those of then, the ends say which branch.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.chain import Head, spelled
from app.core.db import insert_ignoring_duplicates
from app.features.audit import seals
from app.features.audit.known_heads import KnownHead
from app.features.audit.models import DayAnchor
from app.features.audit.rules import LOG
from app.features.ledger import anchors
from app.features.ledger import queries as ledger

COMPARED: Final = 12
"""Months whose first anchor is compared at each verification, besides the last one."""
LISTED: Final = 31
"""Days on the administrator's page."""
_TABLE: Final = cast(Table, DayAnchor.__table__)
_NEWEST: Final = select(DayAnchor.day, DayAnchor.at, DayAnchor.digest).order_by(DayAnchor.day.desc())
_LISTED: Final = _NEWEST.limit(LISTED)
_LAST: Final = _NEWEST.limit(1)
_DAYS: Final = select(DayAnchor.day).order_by(DayAnchor.day.desc()).limit(31 * (COMPARED + 1))
_OF_DIGEST: Final = _NEWEST.where(DayAnchor.digest.startswith(bindparam("digits"))).limit(1)
_OF_DAY: Final = _NEWEST.where(DayAnchor.day == bindparam("day"))
_MOVED: Final = (
    select(DayAnchor.moved)
    .where(DayAnchor.day.between(bindparam("first"), bindparam("day")))
    .order_by(DayAnchor.day)
    .execution_options(yield_per=1)
)


class Anchor(NamedTuple):
    """The ends of all chains at one moment."""

    at: datetime
    ends: Mapping[str, Head]
    """By the id of the branch, and ``LOG`` for the audit log."""

    @property
    def digest(self) -> str:
        """All of them as one number."""
        return anchors.digest(self.ends)

    @property
    def short(self) -> str:
        """The same, to copy by hand."""
        return spelled(self.digest)

    @property
    def file_name(self) -> str:
        """It says of which day it is, and what is in it: another content has another name."""
        return f"sanliang-heads-{clock.local_day(self.at).isoformat()}-{self.digest[:8]}.json"


def of_now(session: Session, now: datetime) -> Anchor:
    """Where every chain ends now."""
    ends = {str(branch_id): head for branch_id, head in anchors.heads(session).items()}
    _start, log = seals.ends(session)
    return Anchor(now, ends | ({LOG: log} if log.seq else {}))


def keep(session: Session, now: datetime) -> int:
    """Keep the ends of today, once a day; gives the number of chains, 0 if that was done before."""
    day = clock.local_day(now)
    if session.execute(_OF_DAY, {"day": day}).first():
        return 0
    anchor, before = of_now(session, now), _ends(session, day)
    moved = {chain: head.whole for chain, head in anchor.ends.items() if before.get(chain) != head}
    moved |= dict.fromkeys(before.keys() - anchor.ends.keys(), "")
    row = {"day": day, "at": now, "digest": anchor.digest, "moved": moved}
    session.execute(insert_ignoring_duplicates(session, _TABLE), [row])
    return len(anchor.ends)


def last(session: Session) -> Anchor | None:
    """The last one that was kept."""
    return _whole(session, session.execute(_LAST).one_or_none())


def of_day(session: Session, day: date) -> Anchor | None:
    """That of a day, if one was kept."""
    return _whole(session, session.execute(_OF_DAY, {"day": day}).one_or_none())


def of_digest(session: Session, digits: str) -> Anchor | None:
    """That whose digest begins with these hexadecimal digits; what was changed since has another digest."""
    found = _whole(session, session.execute(_OF_DIGEST, {"digits": digits}).one_or_none())
    return found if found and found.digest.startswith(digits) else None


def listed(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Day, moment and digest of the last ``LISTED``, the newest first."""
    return session.execute(_LISTED).all()


def compared(session: Session) -> Iterator[Anchor]:
    """The last one, and the first one of each of the last ``COMPARED`` months."""
    days = session.scalars(_DAYS).all()
    firsts = {(day.year, day.month): day for day in days}  # the oldest of a month comes last
    for day in {*days[:1], *list(firsts.values())[:COMPARED]}:
        if anchor := of_day(session, day):
            yield anchor


def known(anchor: Anchor, names: Mapping[str, str]) -> list[KnownHead]:
    """Its ends as what is to be found again."""
    return [
        KnownHead(names.get(chain, chain), head.seq, head.digest, anchor.at, chain)
        for chain, head in anchor.ends.items()
    ]


def names(session: Session) -> dict[str, str]:
    """What the chains are called now."""
    return {str(branch_id): name for branch_id, name in ledger.branches_called(session, "").items()} | {LOG: LOG}


def in_lines(anchor: Anchor, names: Mapping[str, str]) -> Iterator[str]:
    """For people; ``known_heads.read`` reads it again."""
    yield clock.local_time(anchor.at).isoformat(timespec="seconds")
    for chain, head in sorted(anchor.ends.items()):
        yield f"{names.get(chain, chain)}  {head.short}  {head.digest}"


def as_file(anchor: Anchor, names: Mapping[str, str]) -> str:
    """For machines: JSON, which ``known_heads.read`` reads again, and whose digest it counts again."""
    said: dict[str, Any] = {
        "at": clock.local_time(anchor.at).isoformat(timespec="seconds"),
        "digest": anchor.digest,
        "heads": [
            {"chain": chain, "branch": names.get(chain, chain), "seq": head.seq, "digest": head.digest}
            for chain, head in sorted(anchor.ends.items())
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _whole(session: Session, row: Row[*tuple[Any, ...]] | None) -> Anchor | None:
    return Anchor(row.at, _ends(session, row.day)) if row else None


def _ends(session: Session, day: date) -> dict[str, Head]:
    """The ends of ``day``: those of the first anchor of its month, and what moved since; the next month begins anew."""
    return _followed(session.scalars(_MOVED, {"first": day.replace(day=1), "day": day}))


def _followed(moves: Iterable[Mapping[str, str]]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    for moved in moves:
        for chain, whole in moved.items():
            seq, _colon, digest = whole.partition(":")
            found[chain] = Head(int(seq or 0), digest)
    return {chain: head for chain, head in found.items() if head.seq}

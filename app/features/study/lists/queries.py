"""Lists that were handed in, what of them the actor may know, and what counts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Integer, bindparam, exists, extract, func, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.rows import IDS, locked, one
from app.features.education.rules import DayHours, Taken
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.study.lists.models import HoursEntry, HoursImport
from app.features.study.lists.planning import HoursBroughtIn
from app.features.study.lists.voices import LISTS, ME, VISIBLE, WAITS, is_second, reach, seconds

SHOWN: Final = 50
"""Lists that the page names."""
_STANDS: Final = HoursEntry.taken_back_at.is_(None)
_Confirmed = aliased(Member)
_KNOWN: Final = (
    select(
        HoursEntry.member_id,
        HoursEntry.on,
        HoursEntry.title,
        HoursEntry.minutes,
        HoursEntry.total,
        HoursEntry.key,
        HoursImport.fingerprint,
        HoursEntry.confirmed_at.is_(None).label("waits"),
    )
    .join(HoursImport, HoursImport.id == HoursEntry.import_id)
    .where(HoursEntry.member_id.in_(IDS), _STANDS)
    .order_by(HoursEntry.id)
)
_TAKEN: Final = (
    select(
        HoursEntry.member_id,
        HoursEntry.on,
        HoursEntry.title,
        HoursEntry.minutes,
        HoursEntry.is_history,
        HoursImport.source,
        HoursImport.hours_class,
        _Confirmed.name.label("confirmed_by"),
    )
    .join(HoursImport, HoursImport.id == HoursEntry.import_id)
    .outerjoin(_Confirmed, _Confirmed.id == HoursEntry.confirmed_by_id)
    .where(
        HoursEntry.member_id.in_(IDS),
        HoursEntry.on.between(bindparam("since", type_=Date()), bindparam("until", type_=Date())),
        _STANDS,
    )
    .order_by(HoursEntry.on, HoursEntry.id)
)
_LISTED: Final = (
    select(
        HoursImport,
        Member.name.label("brought_by"),
        func.count(HoursEntry.id).label("number"),
        func.count(HoursEntry.confirmed_at).label("confirmed"),
        func.count(HoursEntry.taken_back_at).label("taken_back"),
    )
    .join(HoursEntry, HoursEntry.import_id == HoursImport.id)
    .join(Member, Member.id == HoursImport.brought_by_id)
    .where(HoursImport.id.in_(LISTS), VISIBLE)
    .group_by(HoursImport.id, Member.name)
    .order_by(HoursImport.id.desc())
    .limit(SHOWN)
)
_TO_CONFIRM: Final = (
    select(func.count(HoursEntry.import_id.distinct()))
    .join(HoursImport, HoursImport.id == HoursEntry.import_id)
    .where(*WAITS, HoursEntry.member_id != ME, HoursEntry.brought_by_id != ME, VISIBLE)
)
_ONE: Final = select(HoursImport).where(HoursImport.id == bindparam("list"))
_HELD: Final = locked(_ONE)
_ENTRIES: Final = (
    select(HoursEntry, Member.name, Organisation.name.label("branch"), _Confirmed.name.label("confirmed_by"))
    .join(HoursImport, HoursImport.id == HoursEntry.import_id)
    .join(Member, Member.id == HoursEntry.member_id)
    .join(Organisation, Organisation.id == HoursEntry.branch_id)
    .outerjoin(_Confirmed, _Confirmed.id == HoursEntry.confirmed_by_id)
    .where(HoursEntry.import_id == bindparam("list"), VISIBLE)
    .order_by(Organisation.pinyin, Organisation.id, Member.pinyin, Member.id, HoursEntry.on, HoursEntry.id)
)
_FOLLOWED: Final = select(
    exists().where(
        HoursEntry.import_id == HoursImport.id,
        HoursEntry.id > bindparam("last", type_=HoursEntry.id.type),
        HoursEntry.import_id != bindparam("list", type_=HoursEntry.id.type),
        HoursImport.fingerprint == bindparam("fingerprint"),
        HoursEntry.member_id.in_(IDS),
        extract("year", HoursEntry.on).in_(bindparam("years", type_=Integer(), expanding=True)),
        HoursEntry.total.is_not(None),
        _STANDS,
    )
)


class Judged(NamedTuple):
    """An entry as the page shows it, and whether the actor may say something about it."""

    entry: HoursEntry
    name: str
    branch: str
    confirmed_by: str | None
    may: bool

    @property
    def stands(self) -> bool:
        """Whether nobody has taken it back."""
        return self.entry.taken_back_at is None

    @property
    def waits(self) -> bool:
        """Whether nobody has said anything about it."""
        return self.stands and self.entry.confirmed_at is None


@dataclass(frozen=True, slots=True)
class Shown:
    """A list and those of its entries that the actor may know of."""

    of: HoursImport
    entries: Sequence[Judged]

    @property
    def to_confirm(self) -> list[HoursEntry]:
        """What waits for a word of the actor."""
        return [one.entry for one in self.entries if one.may and one.waits]

    @property
    def to_take_back(self) -> list[HoursEntry]:
        """What the actor may take back."""
        return [one.entry for one in self.entries if one.may and one.stands]

    @property
    def for_others(self) -> int:
        """How many wait for somebody else."""
        return sum(one.waits and not one.may for one in self.entries)


def places(actor: Actor) -> list[UUID]:
    """The organisations for which the actor brings lists in: the own branch by post, committees by leading them."""
    own = [actor.branch_id] if actor.may(Permission.RECORD_FOR_OTHERS) else []
    return [*own, *sorted(actor.leads)]


def known(session: Session, member_ids: Collection[UUID]) -> Iterator[HoursBroughtIn]:
    """What was brought in for these members before and stands, in the order in which it was: one statement."""
    for row in session.execute(_KNOWN, {"ids": sorted(member_ids)}) if member_ids else ():
        yield HoursBroughtIn(*row)


def taken(session: Session, member_ids: Collection[UUID], year: int) -> Iterator[Taken]:
    """Hours of these members in ``year`` that lists brought, confirmed and waiting: one statement."""
    asked = {"ids": sorted(member_ids), "since": date(year, 1, 1), "until": date(year, 12, 31)}
    for row in session.execute(_TAKEN, asked):
        entry = DayHours(row.hours_class, row.minutes, row.on, row.title)
        form = _("list of %(source)s") % {"source": row.source}
        yield Taken(row.member_id, entry, form, row.source, row.confirmed_by or "", row.is_history)


def listed(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The last lists that the actor may know of, the newest first, with numbers of their entries."""
    return session.execute(_LISTED, reach(actor)).all()


def to_confirm(session: Session, actor: Actor) -> int:
    """How many lists of others wait for another officer: one statement."""
    return session.scalar(_TO_CONFIRM, reach(actor)) or 0 if is_second(actor) else 0


def shown(session: Session, actor: Actor, list_id: UUID, *, hold: bool = False) -> Shown:
    """A list with what the actor may know of it; ``hold`` keeps it until the unit of work ends.

    Raises:
        NotFoundError: there is none, or nothing of it is the actor's to know.
    """
    of = one(session, _HELD if hold else _ONE, {"list": list_id})
    rows = session.execute(_ENTRIES, {"list": list_id, **reach(actor)}).all()
    if not rows:
        raise NotFoundError
    allowed = seconds(session, actor, of, [row.HoursEntry for row in rows])
    return Shown(of, [Judged(*row, row.HoursEntry.id in allowed) for row in rows])


def is_followed(session: Session, of: HoursImport, entries: Collection[HoursEntry]) -> bool:
    """Whether a later list with totals that grow builds upon these entries."""
    if not of.is_cumulative or not entries:
        return False
    asked = {
        "list": of.id,
        "last": max(one.id for one in entries),
        "fingerprint": of.fingerprint,
        "ids": sorted({one.member_id for one in entries}),
        "years": sorted({one.on.year for one in entries}),
    }
    return bool(session.scalar(_FOLLOWED, asked))

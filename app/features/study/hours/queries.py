"""A year of education hours: whose entries, how many count, how many are asked, and how far a branch is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Integer, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.rows import IDS
from app.features.education import rules, sources
from app.features.education.rules import MINUTES, HoursClass, Taken
from app.features.members import powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Exemption, Member, Organisation, RoleTerm
from app.features.members.queries import AnyRow
from app.features.members.rules import MemberStatus
from app.features.study.hours.models import HoursDecision
from app.features.study.rules import COMMITTEE, arrived_in

_DAY: Final = bindparam("day", type_=Date())
_YEAR: Final = bindparam("year", type_=Integer())
_OVER: Final = powers.everything_over(select(Organisation.id).where(Organisation.id == bindparam("branch")))
_DECIDED: Final = (
    select(HoursDecision, Organisation.name)
    .join(_OVER, _OVER.c.over_id == HoursDecision.organisation_id)
    .join(Organisation, Organisation.id == HoursDecision.organisation_id)
    .where(HoursDecision.first_year <= _YEAR)
    .order_by(_OVER.c.height, HoursDecision.first_year.desc(), HoursDecision.id.desc())
    .limit(1)
)
_Before, _Between = aliased(HoursDecision), aliased(HoursDecision)
_SAID_BY_TWO: Final = (
    exists()
    .where(
        _Before.organisation_id == HoursDecision.organisation_id,
        _Before.first_year == HoursDecision.first_year,
        _Before.document == HoursDecision.document,
        _Before.day_hours == HoursDecision.day_hours,
        _Before.decided_by_id != HoursDecision.decided_by_id,
        _Before.id < HoursDecision.id,
        ~exists()
        .where(
            _Between.organisation_id == HoursDecision.organisation_id,
            _Between.id > _Before.id,
            _Between.id < HoursDecision.id,
        )
        .correlate(HoursDecision, _Before),
    )
    .correlate(HoursDecision)
)
"""A day's length changes what training is worth: it holds once another officer says the same right after the first. A
word of long ago is no second one."""
_DAY_DECIDED: Final = _DECIDED.where(_SAID_BY_TWO)
_BY: Final = (
    select(HoursDecision, Member.name, _SAID_BY_TWO.label("by_two"))
    .join(Member, Member.id == HoursDecision.decided_by_id)
    .where(HoursDecision.organisation_id.in_(IDS))
    .order_by(HoursDecision.id.desc())
)
_COMMITTEES: Final = (
    select(Organisation.id, Organisation.name).where(Organisation.id.in_(IDS)).order_by(Organisation.pinyin)
)
_ASKED_OF: Final = (
    select(Member.id, Member.status, Member.joined, RoleTerm.starts_on, RoleTerm.ends_on)
    .outerjoin(
        RoleTerm,
        and_(
            RoleTerm.member_id == Member.id,
            RoleTerm.role.in_(sorted(COMMITTEE)),
            RoleTerm.starts_on <= bindparam("last", type_=Date()),
            or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("first", type_=Date())),
        ),
    )
    .where(
        Member.id.in_(IDS),
        ~exists().where(
            Exemption.member_id == Member.id,
            Exemption.starts_on <= _DAY,
            or_(Exemption.ends_on.is_(None), Exemption.ends_on >= _DAY),
        ),
    )
)


class Sums(NamedTuple):
    """What one member's entries of a year come to, in minutes; never points (red line 2)."""

    minutes: Mapping[HoursClass, int]
    counted: int
    waiting: int
    """What would be counted besides."""
    overlap: bool

    @property
    def network(self) -> int:
        """Online, whether it counts or not."""
        return self.minutes[HoursClass.NETWORK]

    @property
    def self_study(self) -> int:
        """Never counted."""
        return self.minutes[HoursClass.SELF_STUDY]

    @property
    def organised(self) -> int:
        """Always counted."""
        return self.minutes[HoursClass.ORGANISED]


class HoursAsked(NamedTuple):
    """What is asked of one member in a year."""

    hours: int
    arrived_on: date | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The hours of a branch in a year: of the branch, never a list of who lacks some. Source: domain, study §5, §6."""

    asked: int
    """Members of whom hours are asked."""
    reached: int
    """Those who have all that are asked."""
    on_track: int
    """Those who have what is due by the day."""
    not_asked: int
    """Exempt members."""
    decision: AnyRow | None
    """See ``decision``."""

    @property
    def is_small(self) -> bool:
        """Whether so few are asked that a number would be about somebody."""
        return self.percent is None

    @property
    def percent(self) -> int | None:
        """The share that is on track, in whole percent; ``None`` of a few."""
        return rules.percent(self.asked, self.on_track)


def decision(session: Session, branch_id: UUID, year: int) -> AnyRow | None:
    """What the nearest committee decided for ``year``, and its name: row ``HoursDecision, name``."""
    return session.execute(_DECIDED, {"branch": branch_id, "year": year}).one_or_none()


def day_decision(session: Session, branch_id: UUID, year: int) -> AnyRow | None:
    """What the nearest committee decided of a day of training by two officers: row ``HoursDecision, name``."""
    return session.execute(_DAY_DECIDED, {"branch": branch_id, "year": year}).one_or_none()


def day_hours(session: Session, branch_id: UUID, year: int) -> int:
    """Hours of a whole day of training in the branch. Nobody's word: 8. A rule of the unit, of no regulation (§6)."""
    decided = day_decision(session, branch_id, year)
    return (decided and decided.HoursDecision.day_hours) or rules.DAY_HOURS[0]


def decisions(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """All decisions of the actor's committees, the last one first."""
    return session.execute(_BY, {"ids": sorted(actor.leads)}).all()


def committees(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Those that the actor decides for: (id, name), by name."""
    return [(str(row.id), row.name) for row in session.execute(_COMMITTEES, {"ids": sorted(actor.leads)})]


def network_counts(session: Session, branch_id: UUID, year: int) -> bool:
    """Whether online hours of ``year`` count in the branch. Nobody's word: they do not."""
    return _counts(decision(session, branch_id, year))


def sums(entries: Sequence[Taken], *, network: bool) -> Sums:
    """What the entries of one member and year come to; ``network``: see ``network_counts``."""
    confirmed = rules.hours([one.entry for one in entries if one.confirmed_by], network_counts=network)
    counted = _counted(entries, network=network)
    with_waiting = rules.hours([one.entry for one in entries if not one.is_history], network_counts=network)
    return Sums(confirmed.minutes, counted, max(with_waiting.counted - counted, 0), confirmed.overlap)


def asked_of(session: Session, member_ids: Collection[UUID], year: int, today: date) -> Mapping[UUID, HoursAsked]:
    """The hours asked of these members in ``year``, of a running one by the posts of today; of who is exempt, none.

    Source: domain, study §6.
    """
    posts: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    arrived: dict[UUID, date | None] = {}
    last = date(year, 12, 31)
    asked = {"ids": sorted(member_ids), "first": date(year, 1, 1), "last": last, "day": min(today, last)}
    for row in session.execute(_ASKED_OF, asked):
        arrived[row.id] = arrived_in(year, row.joined) if row.status is MemberStatus.PROBATIONARY else None
        if row.starts_on:
            posts[row.id].append((row.starts_on, row.ends_on))
    on = today if today.year == year else None
    return {
        one: HoursAsked(rules.target(year, posts[one], on=on, arrived_on=since), since)
        for one, since in arrived.items()
    }


def coverage(session: Session, branch_id: UUID, day: date) -> Coverage:
    """How far the hours of ``day``'s year have come by then. For callers that know the branch is theirs."""
    people = [one.id for one in members.branch_members(session, branch_id, day)]
    of, decided = asked_of(session, people, day.year, day), decision(session, branch_id, day.year)
    taken, network = sources.of_year(session, list(of), day.year), _counts(decided)
    reached = on_track = 0
    for one, asked in of.items():
        counted = _counted([entry for entry in taken[one] if (entry.entry.day or day) <= day], network=network)
        reached += counted >= MINUTES * asked.hours
        on_track += counted >= rules.due_by(asked.hours, day, arrived_on=asked.arrived_on)
    return Coverage(len(of), reached, on_track, len(people) - len(of), decided)


def _counted(entries: Sequence[Taken], *, network: bool) -> int:
    confirmed = [one.entry for one in entries if one.confirmed_by and not one.is_history]
    return rules.hours(confirmed, network_counts=network).counted


def _counts(decided: AnyRow | None) -> bool:
    return bool(decided and decided.HoursDecision.network_counts)

"""What pledges ask of their members, and when: ten minutes in January, a tap a quarter, a word at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Uuid,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.core import clock, holidays
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext, ngettext
from app.features.members.models import Exemption, Member, Organisation
from app.features.members.rules import OrganisationKind
from app.features.notices import service as notices
from app.features.notices.sources import Reminder, ReminderSource
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges.calendar import (
    WRITTEN_IN,
    asks_for_ending,
    asks_for_progress,
    first_day_in_publicity,
    last_day_of_ending,
    last_day_of_quarter,
    quarter_asked,
    quarter_of,
)
from app.features.shows.pledges.lines import days, lines
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress
from app.features.shows.pledges.view import PAGE


class Ask(StrEnum):
    """What is asked for."""

    WRITE = "write"
    CORRECT = "correct"
    PROGRESS = "progress"
    ENDING = "ending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that pledges ask of one member."""

    member_id: UUID
    ask: Ask
    year: int
    number: int
    """Pledges it is about; 0 where there are none yet."""
    until: date
    """The last day on which it is asked for."""

    @property
    def subject_id(self) -> UUID:
        """Names this very matter: the same on every day it is asked for, another in the next quarter or year."""
        return _subject(self.member_id, self.ask, self.until)

    @property
    def href(self) -> str:
        """The page on which it is done."""
        return f"{PAGE}?year={self.year}"


_Correction, _Ended = aliased(Review), aliased(Review)
_TODAY: Final = bindparam("today", type_=Date())
_YEAR: Final = bindparam("year", type_=Integer())
_IS_HERE: Final = Member.is_here(_TODAY)
_RUNNING: Final = (
    Review.status == ReviewStatus.APPROVED,
    Review.decided_at < bindparam("public_since", type_=Review.decided_at.type),
    ~exists()
    .where(
        PledgeOutcome.pledge_id == Pledge.id,
        _Ended.id == PledgeOutcome.id,
        _Ended.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    )
    .correlate(Pledge),
)
"""``PledgeState.IN_PROGRESS``: what the branch still looks at is asked about by nobody."""


def _asked(ask: Ask, *conditions: Any) -> Select[*tuple[Any, ...]]:
    """Numbers of pledges by member and year; of those who are still here."""
    return (
        select(literal(ask.value).label("ask"), Pledge.member_id, Pledge.year, func.count().label("number"))
        .join(Review, Review.id == Pledge.id)
        .join(Member, Member.id == Pledge.member_id)
        .where(_IS_HERE, *conditions)
        .group_by(Pledge.member_id, Pledge.year)
    )


UNWRITTEN: Final = (
    _IS_HERE,
    ~exists().where(
        Exemption.member_id == Member.id,
        Exemption.starts_on <= _TODAY,
        or_(Exemption.ends_on.is_(None), Exemption.ends_on >= _TODAY),
    ),
    ~exists().where(
        Pledge.member_id == Member.id,
        Pledge.year == _YEAR,
        Review.id == Pledge.id,
        Review.status != ReviewStatus.WITHDRAWN,
    ),
)
"""Of a ``Member``, ``today``: here, not exempt, and nothing of the ``year`` handed in, as ``Coverage.without``."""
_WRITE: Final = (
    select(
        literal(Ask.WRITE.value).label("ask"),
        Member.id.label("member_id"),
        _YEAR.label("year"),
        literal(0).label("number"),
    )
    .join(Organisation, Organisation.id == Member.branch_id)
    .where(Organisation.kind == OrganisationKind.BRANCH, *UNWRITTEN)
)
_CORRECT: Final = _asked(
    Ask.CORRECT,
    Pledge.year == _YEAR,
    Review.status == ReviewStatus.RETURNED,
    ~exists().where(_Correction.corrects_id == Pledge.id, _Correction.status != ReviewStatus.WITHDRAWN),
)
_PROGRESS: Final = _asked(
    Ask.PROGRESS,
    Pledge.year == _YEAR,
    *_RUNNING,
    Review.decided_at < bindparam("quarter_over", type_=Review.decided_at.type),
    Pledge.due_on > _TODAY,  # from that day on its end is asked for
    ~exists().where(
        PledgeProgress.pledge_id == Pledge.id, PledgeProgress.quarter == bindparam("quarter", type_=Integer())
    ),
)
_ENDING: Final = _asked(
    Ask.ENDING,
    Pledge.year.in_((_YEAR, bindparam("ending_year", type_=Integer()))),
    *_RUNNING,
    or_(bindparam("is_december", type_=Boolean()), Pledge.due_on <= _TODAY),
)


_PARTS: Final = {Ask.WRITE: _WRITE, Ask.CORRECT: _CORRECT, Ask.PROGRESS: _PROGRESS, Ask.ENDING: _ENDING}


_ONE: Final = Member.id == bindparam("me", type_=Uuid())
_BRANCH: Final = Member.branch_id == bindparam("branch", type_=Uuid())


@lru_cache(maxsize=16)
def statement(asks: tuple[Ask, ...], of: str = "") -> CompoundSelect[*tuple[Any, ...]]:
    """These asks, of one member (``me``), a ``branch`` or everybody; a season asks the same on each of its days."""
    parts = [_PARTS[ask] for ask in asks]
    scope = {"me": _ONE, "branch": _BRANCH}.get(of)
    return union_all(*(parts if scope is None else [part.where(scope) for part in parts]))


def _asks_of(today: date) -> tuple[Ask, ...]:
    """What the season asks for: pledges in January, taps in the last month of a quarter, the rest at any time."""
    out_of_season = {Ask.WRITE: today.month != WRITTEN_IN, Ask.PROGRESS: not asks_for_progress(today)}
    return tuple(ask for ask in Ask if not out_of_season.get(ask))


def due(session: Session, member_id: UUID, today: date | None = None) -> list[Due]:
    """What pledges ask of one member ``today``, in one statement: what is to be done first comes first."""
    return _dues(session, today or clock.today(), me=member_id)


def due_for_all(session: Session, today: date) -> list[Due]:
    """What pledges ask of anybody, in one statement."""
    return _dues(session, today)


def subjects(member_id: UUID, today: date) -> set[UUID]:
    """The names of all matters that pledges may ask of a member ``today``, whether they do or not."""
    years = (today.year, _ending_year(today))
    return {_subject(member_id, ask, _until(ask, year, today)) for ask in Ask for year in years}


def _dues(session: Session, today: date, **asked: object) -> list[Due]:
    rows = session.execute(statement(_asks_of(today), "me" if "me" in asked else ""), asked | asked_on(session, today))
    found = [
        Due(
            member_id=row.member_id,
            ask=(ask := Ask(row.ask)),
            year=row.year,
            number=row.number,
            until=_until(ask, row.year, today),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.until, one.member_id, one.ask))


def asked_on(session: Session, today: date) -> dict[str, object]:
    """The values of ``statement`` on a day."""
    quarter = quarter_asked(today) or quarter_of(today, today.year)
    over = last_day_of_quarter(today.year, quarter) + timedelta(days=1)
    public_from = first_day_in_publicity(today, holidays.calendar(session))
    return {
        "today": today,
        "year": today.year,
        "quarter": quarter,
        "quarter_over": clock.midnight(over),
        "ending_year": _ending_year(today),
        "is_december": asks_for_ending(today, today.year),
        "public_since": clock.midnight(public_from),
    }


def _until(ask: Ask, year: int, today: date) -> date:
    """The last day on which it is asked for, of pledges of ``year``."""
    match ask:
        case Ask.WRITE:
            return date(year, WRITTEN_IN, 31)
        case Ask.CORRECT:
            return date(year, 12, 31)
        case Ask.PROGRESS:
            return last_day_of_quarter(year, quarter_of(today, year))
        case Ask.ENDING:
            return last_day_of_ending(year)


def _ending_year(today: date) -> int:
    return today.year - 1 if today.month == WRITTEN_IN else today.year


def _subject(member_id: UUID, ask: Ask, until: date) -> UUID:
    return uuid5(member_id, f"pledges/{ask}/{until}")


def asked(ask: Ask, number: int) -> str:
    """What is asked for, of ``number`` pledges, as the line of a list."""
    match ask:
        case Ask.WRITE:
            return _("Write this year's pledges")
        case Ask.CORRECT:
            said = ngettext("%(n)s pledge came back to be corrected", "%(n)s pledges came back to be corrected", number)
        case Ask.PROGRESS:
            said = ngettext(
                "Say how %(n)s pledge goes this quarter", "Say how %(n)s pledges go this quarter, a tap each", number
            )
        case _:
            said = ngettext("Say how %(n)s pledge ended", "Say how %(n)s pledges ended", number)
    return said % {"n": number}


def reminders(session: Session, now: datetime) -> Sequence[Reminder]:
    """What pledges ask of anybody; one statement."""
    return [_reminder(one) for one in due_for_all(session, clock.local_day(now))]


def words(details: Mapping[str, Any]) -> str:
    """The sentence of a reminder."""
    return asked(Ask(details["ask"]), details["number"])


def _reminder(one: Due) -> Reminder:
    details = {"ask": one.ask.value, "number": one.number}
    return Reminder(
        member_id=one.member_id, subject_id=one.subject_id, address=one.href, details=details, until=one.until
    )


PLEDGES: Final = ReminderSource(
    name="pledges",
    label=lazy_gettext("What your pledges ask of you"),
    due=reminders,
    words=words,
    lines=lines,
    days=days,
    is_listed=lambda details: True,
)


def settle_done(session: Session, member_id: UUID, today: date | None = None) -> None:
    """Take back the reminders of everything that pledges no longer ask of the member."""
    today = today or clock.today()
    session.flush()
    asked = {one.subject_id for one in due(session, member_id, today)}
    notices.settle(session, PLEDGES.name, sorted(subjects(member_id, today) - asked))

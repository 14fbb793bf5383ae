"""What a member's pledges ask today, pledge by pledge: as lines of the page of today, answered where they stand."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, exists, select
from sqlalchemy.orm import Session

from app.core import clock, formats, holidays
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.rows import AnyRow
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.notices.sources import DueDay, DueLine, Taps
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import (
    WRITTEN_IN,
    asks_for_ending,
    first_day_in_publicity,
    last_day_of_ending,
    last_day_of_quarter,
    quarter_asked,
)
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress
from app.features.shows.pledges.review_kinds import PLEDGE
from app.features.shows.pledges.rules import Progress
from app.features.shows.pledges.view import PAGE

TAP: Final = "pledge.progress"
"""The kind under which a phone keeps a tap that finds no network."""
_CALLED: Final = lazy_gettext("Pledge")
_End, _Correction = Review.__table__.alias("ends"), Review.__table__.alias("corrections")
_MINE: Final = (
    select(
        Pledge.id,
        Pledge.year,
        Pledge.text,
        Pledge.due_on,
        Review.status,
        Review.decided_at,
        exists()
        .where(PledgeProgress.pledge_id == Pledge.id, PledgeProgress.quarter == bindparam("quarter", type_=Integer()))
        .label("is_told"),
        exists()
        .where(
            PledgeOutcome.pledge_id == Pledge.id,
            _End.c.id == PledgeOutcome.id,
            _End.c.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
        )
        .label("has_ended"),
        exists()
        .where(_Correction.c.corrects_id == Pledge.id, _Correction.c.status != ReviewStatus.WITHDRAWN)
        .label("is_corrected"),
    )
    .join(Review, Review.id == Pledge.id)
    .where(
        Pledge.member_id == bindparam("me"),
        Pledge.year.in_((bindparam("year", type_=Integer()), bindparam("ending_year", type_=Integer()))),
        Review.status != ReviewStatus.WITHDRAWN,
    )
    .order_by(Pledge.due_on, Pledge.id)
)


def lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    """What pledges ask of the actor ``today``: one question of each pledge, and January's ten minutes of writing.

    One statement, and in January one more for who has written nothing.
    """
    ending_year = today.year - 1 if today.month == WRITTEN_IN else today.year
    quarter = quarter_asked(today)
    asked = {"me": actor.member_id, "year": today.year, "ending_year": ending_year, "quarter": quarter}
    rows = session.execute(_MINE, asked).all()
    is_written = any(row.year == today.year for row in rows)
    if today.month == WRITTEN_IN and not is_written and not members.exemption(session, actor.member_id, today):
        yield _to_write(today)
    public_since = first_day_in_publicity(today, holidays.calendar(session)) if rows else today
    for row in rows:
        if row.status is ReviewStatus.RETURNED and not row.is_corrected and row.year == today.year:
            yield _to_correct(row)
        elif row.status is not ReviewStatus.APPROVED or row.has_ended:
            continue
        elif clock.local_day(row.decided_at) < public_since:  # the branch no longer looks at it
            if _asks_for_ending(row, today):
                yield _to_end(row, today)
            elif quarter and _asks_for_progress(row, today, quarter):
                yield _to_tell(row, today, quarter)


def _asks_for_ending(row: AnyRow, today: date) -> bool:
    """In the season of endings, or from the pledge's own day on."""
    return row.due_on <= today or asks_for_ending(today, row.year)


def _asks_for_progress(row: AnyRow, today: date, quarter: int) -> bool:
    """Of this year's, if nothing was said of the quarter and the pledge stood by then; from its own day on, its end."""
    stood = clock.local_day(row.decided_at) <= last_day_of_quarter(today.year, quarter)
    return row.year == today.year and row.due_on > today and not row.is_told and stood


def _to_write(today: date) -> DueLine:
    until = date(today.year, WRITTEN_IN, 31)
    words = _("until %(day)s") % {"day": formats.short_day(until)}
    address = f"{PAGE}?year={today.year}"
    return DueLine(
        until, _("Write this year's pledges"), words, address, is_late=False, about=_CALLED, act=_("Begin to write")
    )


def _to_correct(row: AnyRow) -> DueLine:
    words, until = _("came back to be corrected"), date(row.year, 12, 31)
    address, came_back = f"{PAGE}/{row.id}/correct", PLEDGE.name
    return DueLine(
        until, row.text, words, address, is_late=False, came_back=came_back, about=_CALLED, act=_("Correct it")
    )


def _to_end(row: AnyRow, today: date) -> DueLine:
    if asks_for_ending(today, row.year):
        until = last_day_of_ending(row.year)
        words = _("say how it ended by %(day)s") % {"day": formats.short_day(until)}
    else:
        until = row.due_on
        words = _("its day was %(day)s: say how it ended") % {"day": formats.short_day(until)}
    address = f"{PAGE}/{row.id}/ending"
    return DueLine(until, row.text, words, address, is_late=False, about=_CALLED, act=_("Say how it ended"))


def _to_tell(row: AnyRow, today: date, quarter: int) -> DueLine:
    """Asked in the last month of the quarter; until the next one is asked about, it can still be said."""
    until = last_day_of_quarter(row.year, quarter)
    words = _("how it goes in Q%(n)s") % {"n": quarter}
    if until < today:
        until = date(row.year, quarter * 3 + 3, 1) - timedelta(days=1)
        words = _("how it went in Q%(n)s, to be added") % {"n": quarter}
    taps = Taps(
        address=f"{PAGE}/{row.id}/progress",
        kind=TAP,
        subject=row.id,
        called=_CALLED,
        choices=Progress.choices(),
        sends={"quarter": str(quarter), "on_today": "yes"},
    )
    address = f"{PAGE}?year={row.year}#pledge-card-{row.id}"
    return DueLine(until, row.text, words, address, is_late=False, taps=taps, about=_CALLED)


def days(session: Session, member_id: UUID, year: int) -> Iterator[DueDay]:
    """The member's pledges of a year whose end nobody has said, for the own calendar."""
    for pledge in queries.of_member(session, member_id, year):
        if pledge.is_open:
            yield DueDay(pledge.id, pledge.text, pledge.due_on, PAGE)

"""What is due on the page of today, written by hand like the rest of ``by_hand``."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from app.core import clock, formats
from app.features.members.actor import Actor
from app.features.notices.queries import Shown
from app.features.notices.rules import ReminderState
from app.features.notices.sources import DueLine
from app.features.shows.duties.due import DUE
from app.features.shows.duties.rules import in_days
from app.features.shows.pledges.calendar import (
    asks_for_ending,
    asks_for_progress,
    first_day_in_publicity,
    last_day_of_ending,
    last_day_of_quarter,
    quarter_of,
)
from app.features.shows.pledges.due import PLEDGES as PLEDGE_REMINDERS
from app.features.shows.pledges.due import Ask as PledgeAsk
from app.features.shows.pledges.due import Due, asked
from app.features.wishes import due as wishes
from app.features.wishes.carrying.rules import REVISIT_FROM
from app.features.wishes.due import SOON, WISHES
from app.features.wishes.rules import Status
from bench.connections import Ask, Row, a_day, a_moment, an_id, an_object

SOURCES: Final = {source.name: source for source in (DUE, PLEDGE_REMINDERS, WISHES)}
DUTIES: Final = """
SELECT d.id, d.matter, d.due_on, (
       SELECT r.reason FROM duty_outcomes o JOIN reviews r ON r.id = o.id
       WHERE o.duty_id = d.id AND r.status = 'returned' ORDER BY o.attempt DESC LIMIT 1) AS reason
FROM duties d
WHERE d.id IN (SELECT id FROM duties WHERE member_id = :me
               UNION SELECT duty_id FROM duty_hand_overs WHERE to_id = :me)
  AND d.cancelled_at IS NULL AND d.due_on <= :until
  AND coalesce((SELECT h.to_id FROM duty_hand_overs h
                WHERE h.duty_id = d.id AND h.starts_on <= :today AND (h.ends_on IS NULL OR h.ends_on >= :today)
                ORDER BY h.id DESC LIMIT 1), d.member_id) = :me
  AND NOT EXISTS (SELECT 1 FROM duty_outcomes o JOIN reviews r ON r.id = o.id
                  WHERE o.duty_id = d.id AND r.status IN ('pending', 'approved'))
ORDER BY d.due_on, d.id
"""
PLEDGES: Final = """
SELECT p.year, r.status, r.decided_at, p.due_on,
       EXISTS (SELECT 1 FROM pledge_progress s WHERE s.pledge_id = p.id AND s.quarter = :quarter) AS is_told,
       EXISTS (SELECT 1 FROM pledge_outcomes o JOIN reviews e ON e.id = o.id
               WHERE o.pledge_id = p.id AND e.status IN ('pending', 'approved')) AS has_ended,
       EXISTS (SELECT 1 FROM reviews c WHERE c.corrects_id = p.id AND c.status <> 'withdrawn') AS is_corrected
FROM pledges p
JOIN reviews r ON r.id = p.id
WHERE p.member_id = :me AND p.year IN (:year, :ending_year) AND r.status <> 'withdrawn'
"""
CLAIMED: Final = """
SELECT w.id, w.code, w.title, w.status, c.claimed_at, c.fulfil_from, c.extended_at, p.joined_at
FROM wishes w
JOIN wish_claims c ON c.wish_id = w.id
JOIN wish_participants p ON p.claim_id = c.id
WHERE p.member_id = :me AND c.ended_at IS NULL AND p.left_at IS NULL AND w.status IN ('claimed', 'in_progress')
ORDER BY c.claimed_at, w.id
"""
REVISITS: Final = """
SELECT w.id, w.code, w.title, c.fulfilled_on
FROM wishes w
JOIN wish_claims c ON c.wish_id = w.id
JOIN wish_revisits v ON v.claim_id = c.id AND v.attempt = c.attempt
WHERE v.taken_by_id = :me AND w.status = 'realised' AND v.made_on IS NULL AND c.fulfilled_on <= :since
ORDER BY c.fulfilled_on, w.id
"""
REMINDERS: Final = """
SELECT source, subject_id, address, details, raised_at, state
FROM reminders
WHERE member_id = :me AND state = 'shown' AND (until IS NULL OR until >= :today)
ORDER BY raised_at DESC, subject_id
"""


class _Named(dict[str, Any]):
    """A row whose columns are attributes, as the sentences want them."""

    __getattr__ = dict.__getitem__


def lines(ask: Ask, actor: Actor, today: date) -> list[DueLine]:
    """The same lines as ``home.due.due_lines``."""
    return sorted([*_duties(ask, actor, today), *_pledges(ask, actor, today), *_wishes(ask, actor, today)])


def reminders(ask: Ask, actor: Actor, today: date) -> Iterator[Shown]:
    """The same reminders as ``home.queries.today`` lets stand."""
    for row in ask(REMINDERS, {"me": actor.member_id, "today": today}):
        source, details = SOURCES[row["source"]], an_object(row["details"])
        if not source.is_listed(details):
            yield Shown(
                source=row["source"],
                subject_id=an_id(row["subject_id"]),
                address=row["address"],
                sentence=source.words(details),
                raised_at=a_moment(row["raised_at"]),
                state=ReminderState(row["state"]),
                is_listed=False,
            )


def _duties(ask: Ask, actor: Actor, today: date) -> Iterator[DueLine]:
    for row in ask(DUTIES, {"me": actor.member_id, "today": today, "until": today + timedelta(days=7)}):
        day, id_ = a_day(row["due_on"]), an_id(row["id"])
        words = f"{formats.short_day(day)} · {in_days((day - today).days)}"
        kind = "duty.outcome" if row["reason"] else ""
        yield DueLine(day, row["matter"], words, f"/shows/duties/{id_}", day < today, kind)


def _pledges(ask: Ask, actor: Actor, today: date) -> Iterator[DueLine]:
    ending_year = today.year - 1 if today.month == 1 else today.year
    quarter = quarter_of(today, today.year)
    public_since = datetime.combine(first_day_in_publicity(today), time(), clock.zone())
    asked_now = {"me": actor.member_id, "year": today.year, "ending_year": ending_year, "quarter": quarter}
    rows = ask(PLEDGES, asked_now)
    of_year = [row for row in rows if row["year"] == today.year]
    open_ones = [row for row in rows if row["status"] == "approved" and not row["has_ended"]]
    is_ending = asks_for_ending(today, ending_year)
    found = {
        PledgeAsk.CORRECT: [row for row in of_year if row["status"] == "returned" and not row["is_corrected"]],
        PledgeAsk.PROGRESS: [row for row in open_ones if asks_for_progress(today) and not row["is_told"]],
        PledgeAsk.ENDING: [
            row
            for row in open_ones
            if a_moment(row["decided_at"]) < public_since and (is_ending or a_day(row["due_on"]) <= today)
        ],
    }
    until = {
        PledgeAsk.CORRECT: date(today.year, 12, 31),
        PledgeAsk.PROGRESS: last_day_of_quarter(today.year, quarter),
        PledgeAsk.ENDING: last_day_of_ending(ending_year),
    }
    for ask_, some in found.items():
        if some:
            due = Due(member_id=actor.member_id, ask=ask_, year=some[0]["year"], number=len(some), until=until[ask_])
            words = formats.short_day(due.until)
            kind = "pledge" if ask_ is PledgeAsk.CORRECT else ""
            yield DueLine(due.until, asked(ask_, due.number), words, due.href, is_late=False, came_back=kind)


def _wishes(ask: Ask, actor: Actor, today: date) -> Iterator[DueLine]:
    for row in ask(CLAIMED, {"me": actor.member_id}):
        named = _named(row, "claimed_at", "fulfil_from")
        yield from _wish(named, wishes.next_of(named, today), today)
    for row in ask(REVISITS, {"me": actor.member_id, "since": today - REVISIT_FROM}):
        named = _named(row, "fulfilled_on")
        yield from _wish(named, wishes.next_revisit(named, today), today)


def _wish(row: Any, following: wishes.Next, today: date) -> Iterator[DueLine]:
    if following.by is None or following.by - today <= SOON:
        sentence = wishes.sentence(following.kind, row.title, following.by)
        id_ = an_id(row.id)
        yield DueLine(following.by or today, sentence, row.code, f"/wishes/{id_}", following.is_late)


def _named(row: Row, *days: str) -> _Named:
    read = {name: a_moment(row[name]) if name.endswith("_at") else a_day(row[name]) for name in days}
    status = {"status": Status(row["status"])} if "status" in row else {}
    return _Named(row | read | status)

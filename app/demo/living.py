"""The year as it is lived: day by day, through the services that real officers use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at
from app.demo import (
    archiving,
    away,
    entering,
    exporting,
    gathering,
    listing,
    objecting,
    planning,
    pledging,
    publicising,
    quizzing,
    reporting,
    reviewing,
    vetoing,
    wishing,
)
from app.demo.away import absences, unreported
from app.demo.communities import Community
from app.demo.duties import listed
from app.demo.gathering import gatherings
from app.demo.happenings import LISTED, PLEDGED, WISHED, Happening, Span, Step, conduct, leads, own_year
from app.demo.matters import RETURN_REASON, VAGUE_TITLE
from app.demo.people import Branch, Person
from app.demo.pledged import pledged, said_lately
from app.demo.pledged import worth_a_look as pledges_worth_a_look
from app.demo.studied import Studied, decision_days, studied, to_be_returned, worth_a_look
from app.demo.wishing import LOOKED_BACK
from app.features.members.exemptions import service as exemptions
from app.features.records import service as records
from app.features.records.rules import NewRecord
from app.features.reviews import service as reviews
from app.features.reviews.rules import BATCH, ReturnReason
from app.features.study import rules as study
from app.features.study.record import RECORD
from app.features.wishes.carrying import revisits
from app.features.wishes.rules import Helped

OFFICE_CLOSES: Final = time(17, 30)
ATTENDANCE_AFTER: Final = 4
LISTS_AFTER: Final = 2
"""Weeks after which officers confirm a month's attendance, and what was handed in."""
EXEMPTED_AFTER: Final = timedelta(days=30)


def last_evening(now: datetime) -> date:
    """The last day whose officers have gone home at ``now``: nothing is told that has not been."""
    here = clock.local_time(now)
    return here.date() if here.time() >= OFFICE_CLOSES else here.date() - timedelta(days=1)


def live(session: Session, branch: Branch, span: Span, community: Community | None = None) -> None:
    """Let a branch live through ``span``; what came in last still waits when it is over.

    Its wishes are those of the ``community`` it looks after; where there is none, nobody fulfils any.
    """
    happenings = _happenings(branch, span)
    absent = list(absences(branch, span))
    met = list(gatherings(branch, absent, span))
    steps = _merged(
        gathering.steps(branch, met, span),
        away.steps(branch, absent, unreported(branch, absent, span)),
        publicising.steps(branch, span),
        quizzing.steps(branch, span),
        reporting.steps(branch, span),
        planning.steps(branch, span),
        exporting.steps(branch, span),
        reviewing.steps(branch, met, span),
        vetoing.steps(branch, span),
        objecting.steps(branch, span),
        archiving.steps(branch, span),
    )
    confirming = {_every(ATTENDANCE_AFTER, day, span) for held in met for day in held.ticked_on}
    facts = _handed_in_by_day(happenings, span)
    decisions = decision_days(span)
    records = [*studied(branch.people, span), *worth_a_look(branch, span)]
    for last_decision in decisions[-1:]:
        records += to_be_returned(branch, span, last_decision)
    waiting = sorted(records, key=lambda one: one.received_at)
    exempting = span.since + EXEMPTED_AFTER
    ends = _pledge(session, branch, happenings, span)
    wishes = wishing.write(session, branch, community, happenings) if community else {}
    for on, reported in listing.write(session, branch, listed(branch, happenings, span)).items():
        for person, ids in reported.items():
            ends[_every(LISTS_AFTER, on, span)][person] += ids
    for day in sorted({exempting, *steps, *confirming, *facts, *decisions, *ends, *wishes}):
        for step in steps.get(day, ()):
            step(session)
        with clock.standing_at(clock.at(day, OFFICE_CLOSES)):
            if day == exempting:
                _exempt(session, branch, span.since)
            if day in decisions:
                came_in = [one for one in waiting if one.received_at <= clock.now()]
                waiting = waiting[len(came_in) :]
                _decide(session, branch, _record(session, branch, came_in))
            if day in facts:
                entering.enter(session, branch, facts[day])
            if day in confirming:
                gathering.confirm(session, branch)
            _evaluate(session, branch, ends.get(day, {}))
            for wish_id, person in wishes.get(day, ()):
                _look_back(session, branch, wish_id, person)
    _record(session, branch, waiting)
    session.flush()


def _happenings(branch: Branch, span: Span) -> list[Happening]:
    """What the year brings to everybody."""
    happenings: list[Happening] = []
    for person in branch.everybody:
        if leads(branch, person):
            happenings += own_year(person, span)
        elif not person.exemption:
            happenings += conduct(person, span)
    return happenings


def _handed_in_by_day(happenings: Iterable[Happening], span: Span) -> Mapping[date, Sequence[Happening]]:
    """What officers write down on each day."""
    written = defaultdict(list)
    for happening in happenings:
        if happening.stream not in (PLEDGED, LISTED, WISHED):
            written[_every(LISTS_AFTER, happening.written_on, span)].append(happening)
    return written


def _merged(*days: Mapping[date, Sequence[Step]]) -> Mapping[date, Sequence[Step]]:
    """What all of them do, by day."""
    found: dict[date, list[Step]] = defaultdict(list)
    for some in days:
        for day, steps in some.items():
            found[day] += steps
    return found


def _look_back(session: Session, branch: Branch, wish_id: UUID, person: Person) -> None:
    """An officer calls the wisher two weeks after ``person`` was there."""
    sentence = LOOKED_BACK[wish_id.int % len(LOOKED_BACK)]
    who = branch.actor(branch.confirmer_of(person))
    revisits.revisit(session, who, wish_id=wish_id, helped=Helped.YES, sentence=sentence)


def _pledge(
    session: Session, branch: Branch, happenings: Iterable[Happening], span: Span
) -> dict[date, dict[Person, list[UUID]]]:
    """Everybody's pledges; gives how they ended, by the day on which an officer looks, and by member."""
    by_person = defaultdict(list)
    for happening in happenings:
        by_person[happening.person].append(happening)
    people = [person for person in branch.everybody if not person.exemption]
    years = [one for person in people for one in pledged(person, by_person[person], span)]
    late = list(pledges_worth_a_look(branch, span, people))
    busy = {one.person for one in late}
    years = [one for one in years if one.ended or one.person not in busy]  # a year has room for five
    lately = [*said_lately(years, branch, span), *late]
    ends: dict[date, dict[Person, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for day, endings in pledging.write(session, branch, lately).items():
        for person, ids in endings.items():
            ends[_every(LISTS_AFTER, day, span)][person] += ids
    return ends


def _evaluate(session: Session, branch: Branch, ends: Mapping[Person, Sequence[UUID]]) -> None:
    """Approve how pledges and duties ended, each officer all in one go."""
    by_officer: dict[Person, list[UUID]] = defaultdict(list)
    for person, ids in ends.items():
        by_officer[branch.confirmer_of(person)] += ids
    for officer, ids in by_officer.items():
        for start in range(0, len(ids), BATCH):
            reviews.approve(session, branch.actor(officer), ids[start : start + BATCH])


def _end_of_week(day: date, span: Span) -> date:
    """The Friday on which the week's lists are handed in, or the last day that is told."""
    return min(day + timedelta(days=4 - day.weekday()), span.until)


def _every(weeks: int, day: date, span: Span) -> date:
    """The Friday on which what came in for some ``weeks`` is looked at in one go, or the last day that is told."""
    friday = _end_of_week(day, span)
    return min(friday + timedelta(weeks=-friday.isocalendar().week % weeks), span.until)


def _exempt(session: Session, branch: Branch, since: date) -> None:
    for person in branch.people:
        if person.exemption:
            exemptions.exempt_member(
                session, branch.actor(branch.secretary), member_id=person.id, kind=person.exemption, starts_on=since
            )


def _record(session: Session, branch: Branch, came_in: Iterable[Studied]) -> list[tuple[UUID, Studied]]:
    """Store what came in, each thing under an id of its own time; gives it back with the ids."""
    news = [(_new_study(branch, one), one) for one in came_in]
    records.record_all(session, RECORD, [new for new, _one in news])
    return [(new.id, one) for new, one in news]


def _new_study(branch: Branch, one: Studied) -> NewRecord[study.Studied]:
    record_id = id_at(one.at)
    return NewRecord(
        id=record_id,
        branch_id=branch.id,
        member_id=one.person.id,
        recorded_by_id=(one.recorded_by or one.person).id,
        said=study.Studied(kind=one.kind, title=one.title, minutes=one.minutes, takeaway=one.takeaway),
        occurred_on=clock.local_day(one.at),
        occurred_at=one.at,
        device_time=clock.local_time(one.at).isoformat(timespec="seconds"),
        received_at=one.received_at,
        made_offline=one.made_offline,
    )


def _decide(session: Session, branch: Branch, records: Iterable[tuple[UUID, Studied]]) -> None:
    """The secretary approves, and the deputy what is the secretary's; a title that says too little is given back."""
    by_outcome: dict[tuple[Person, bool], list[UUID]] = defaultdict(list)
    for record_id, one in records:
        by_outcome[branch.confirmer_of(one.person), one.title == VAGUE_TITLE].append(record_id)
    for (officer, is_vague), ids in by_outcome.items():
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            if is_vague:
                reviews.return_to_member(
                    session, branch.actor(officer), some, reason=RETURN_REASON, returned_for=ReturnReason.UNCLEAR
                )
            else:
                reviews.approve(session, branch.actor(officer), some)

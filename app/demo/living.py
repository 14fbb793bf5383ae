"""The year as it is lived: day by day, through the services that real officers use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo import listing, pledging, wishing
from app.demo.calendar import meetings
from app.demo.communities import Community
from app.demo.duties import listed
from app.demo.happenings import LISTED, PLEDGED, WISHED, Happening, Span, attendance, conduct
from app.demo.leading import own_year
from app.demo.matters import RETURN_REASON, VAGUE_TITLE
from app.demo.names import CAST
from app.demo.people import Branch, Person
from app.demo.pledged import pledged, said_lately
from app.demo.pledged import worth_a_look as pledges_worth_a_look
from app.demo.studied import Studied, decision_days, studied, to_be_returned, worth_a_look
from app.demo.wished import LOOKED_BACK
from app.features.ledger import service as ledger
from app.features.ledger.new_facts import NewFact
from app.features.members.actor import Actor
from app.features.members.exemptions import service as exemptions
from app.features.members.rules import permissions_of
from app.features.reviews import service as reviews
from app.features.reviews.rules import BATCH
from app.features.study import service as study
from app.features.study.rules import NewStudy
from app.features.wishes.carrying import revisits
from app.features.wishes.carrying.rules import Helped

LEADING: Final = CAST[2][0]
"""Whose year is told by hand."""
OFFICE_CLOSES: Final = time(17, 30)
MADE_UP: Final = "已补课"
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
    facts, made_up = _handed_in_by_day(happenings, span)
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
            ends[_end_of_week(on, span)][person] += ids
    for day in sorted({exempting, *facts, *made_up, *decisions, *ends, *wishes}):
        with clock.standing_at(datetime.combine(day, OFFICE_CLOSES, clock.zone())):
            if day == exempting:
                _exempt(session, branch, span.since)
            if day in decisions:
                came_in = [one for one in waiting if one.received_at <= clock.now()]
                waiting = waiting[len(came_in) :]
                _decide(session, branch, _record(session, branch, came_in))
            if day in facts:
                ledger.append(session, [_fact(branch, happening) for happening in facts[day]])
            for happening in made_up.get(day, ()):
                _reverse(session, branch, happening)
            _evaluate(session, branch, ends.get(day, {}))
            for wish_id, person in wishes.get(day, ()):
                _look_back(session, branch, wish_id, person)
    _record(session, branch, waiting)
    session.flush()


def actor(branch: Branch, person: Person) -> Actor:
    """``person`` as the one who is asking."""
    return Actor(
        member_id=person.id,
        name=person.name,
        branch_id=branch.id,
        branch_name=branch.name,
        group_id=None if person.group is None else branch.groups[person.group],
        roles=frozenset(person.roles),
        permissions=permissions_of(person.roles),
        session_id=person.id,
        confirmed_at=None,
        is_demo=True,
    )


def _happenings(branch: Branch, span: Span) -> list[Happening]:
    """What the year brings to everybody."""
    happenings: list[Happening] = []
    for meeting in meetings(branch, span.since, span.until, span.chance):
        happenings += attendance(meeting, span.chance)
    for person in branch.everybody:
        if branch.number == 1 and person.name == LEADING:
            happenings += own_year(person, span)
        elif not person.exemption:
            happenings += conduct(person, span)
    return happenings


def _handed_in_by_day(
    happenings: Iterable[Happening], span: Span
) -> tuple[Mapping[date, Sequence[Happening]], Mapping[date, Sequence[Happening]]]:
    """What is handed in on each day, and which absences turn out to be made up on each day."""
    written, made_up = defaultdict(list), defaultdict(list)
    for happening in happenings:
        if happening.stream not in (PLEDGED, LISTED, WISHED):
            written[_end_of_week(happening.written_on, span)].append(happening)
        if happening.made_up_on:
            made_up[_end_of_week(happening.made_up_on, span)].append(happening)
    return written, made_up


def _look_back(session: Session, branch: Branch, wish_id: UUID, person: Person) -> None:
    """An officer calls the wisher two weeks after ``person`` was there."""
    sentence = LOOKED_BACK[wish_id.int % len(LOOKED_BACK)]
    who = actor(branch, branch.confirmer_of(person))
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
            ends[_end_of_week(day, span)][person] += ids
    return ends


def _evaluate(session: Session, branch: Branch, ends: Mapping[Person, Sequence[UUID]]) -> None:
    """Approve how pledges and duties ended, each officer all in one go."""
    by_officer: dict[Person, list[UUID]] = defaultdict(list)
    for person, ids in ends.items():
        by_officer[branch.confirmer_of(person)] += ids
    for officer, ids in by_officer.items():
        for start in range(0, len(ids), BATCH):
            reviews.approve(session, actor(branch, officer), ids[start : start + BATCH])


def _end_of_week(day: date, span: Span) -> date:
    """The Friday on which the week's lists are handed in, or the last day that is told."""
    return min(day + timedelta(days=4 - day.weekday()), span.until)


def _fact(branch: Branch, happening: Happening) -> NewFact:
    person = happening.person
    return NewFact(
        branch_id=branch.id,
        member_id=person.id,
        fact_type=happening.fact_type,
        grade=happening.grade,
        quantity=happening.quantity,
        occurred_on=happening.day,
        source=_source(happening),
        source_id=_source_id(happening),
        matter=happening.matter,
        recorded_by_id=branch.recorder_of(person).id,
        confirmed_by_id=branch.confirmer_of(person).id,
        note=happening.note,
    )


def _source(happening: Happening) -> str:
    return f"demo.{happening.stream}"


def _source_id(happening: Happening) -> str:
    return f"{happening.person.member_number}/{happening.day}/{happening.note}"[:80]


def _reverse(session: Session, branch: Branch, happening: Happening) -> None:
    posted = ledger.facts_of(session, _source(happening), [_source_id(happening)])
    recorder = branch.recorder_of(happening.person)
    ledger.reverse(session, [fact.id for fact in posted], recorded_by_id=recorder.id, note=MADE_UP)


def _exempt(session: Session, branch: Branch, since: date) -> None:
    for person in branch.people:
        if person.exemption:
            exemptions.exempt_member(
                session,
                actor(branch, branch.secretary),
                member_id=person.id,
                kind=person.exemption,
                starts_on=since,
            )


def _record(session: Session, branch: Branch, came_in: Iterable[Studied]) -> list[tuple[UUID, Studied]]:
    """Store what came in, each thing under an id of its own time; gives it back with the ids."""
    news = [(_new_study(branch, one), one) for one in came_in]
    study.record_all(session, [new for new, _one in news])
    return [(new.id, one) for new, one in news]


def _new_study(branch: Branch, one: Studied) -> NewStudy:
    with clock.standing_at(one.at):
        record_id = new_id()
    return NewStudy(
        id=record_id,
        branch_id=branch.id,
        member_id=one.person.id,
        recorded_by_id=(one.recorded_by or one.person).id,
        kind=one.kind,
        title=one.title,
        minutes=one.minutes,
        takeaway=one.takeaway,
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
                reviews.return_to_member(session, actor(branch, officer), some, reason=RETURN_REASON)
            else:
                reviews.approve(session, actor(branch, officer), some)

"""Last year's sheets of the first branch: publicised, signed, archived by two officers; one was opened again since.

What that year brought is told in short: the appraisals of its quarters, service and honours.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, ids
from app.demo import publicising
from app.demo.calendar import working_day
from app.demo.entering import enter
from app.demo.happenings import Happening, Span, Step, conduct
from app.demo.people import Branch
from app.features.entries.appraisals import queries as appraisals
from app.features.entries.appraisals.rules import Quarter
from app.features.entries.appraisals.service import KIND, Given
from app.features.entries.appraisals.service import enter as appraise
from app.features.ledger.rules import AppraisalGrade
from app.features.members import powers
from app.features.members.rules import MemberStatus, Role
from app.features.members.two_people import Second
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.scores.archive import service, signing
from app.features.scores.archive.above.service import reopen as open_again
from app.features.scores.archive.models import Signature
from app.features.scores.archive.rules import SignatureWords, Why
from app.features.scores.publicity.rules import Period

IN_BRANCH: Final = 1
TOLD: Final = frozenset({"appraisal", "service", "task", "commendation"})
ENTERED: Final = (4, 15), (7, 15), (10, 15), (1, 14)
"""Months and days, the last one of the new year."""
PUBLISHED, ASKED, SIGNED, NOTED, ARCHIVED = (1, 15), (3, 10), (3, 13), (3, 18), (3, 20)
AT: Final = time(16, 40)
CLOSING: Final = time(17, 30)
PAPER, RESERVES, REOPENED, ILL = 5, 7, 9, 21
"""Places of those who signed on paper, had a reservation, whose sheet was opened again, and who was ill."""
RESERVED: Final = "十月的义务植树我也参加了，当时没有登记，不再补记。"
WHY: Final = "三季度平时考核等次登记有误，经上级核对后更正。"
DOCUMENT: Final = "机党〔%s〕18号"
_OPEN: Final = select(Signature).where(Signature.said.is_(None))


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day; nothing in the other branches."""
    if branch.number != IN_BRANCH:
        return {}
    new_year = span.since.year
    chance = Random(f"{branch.number}/{new_year - 1}")  # noqa: S311 (nothing here is secret)
    found: dict[date, list[Step]] = defaultdict(list)
    for day, same in _entered(branch, new_year, chance).items():
        found[day].append(_at(day, chance, partial(enter, branch=branch, happenings=same)))
    asked, day = Period(new_year - 1), working_day(date(new_year, *PUBLISHED))
    found[day].append(_at(day, chance, partial(publicising.show, branch=branch, asked=asked, day=day, waits=False)))
    for on, act in ((ASKED, _ask), (SIGNED, _sign), (NOTED, _note), (ARCHIVED, _archive)):
        day = working_day(date(new_year, *on))
        found[day].append(_at(day, chance, partial(act, branch=branch, year=asked.year)))
    return found


def _at(day: date, chance: Random, act: Callable[[Session], object]) -> Step:
    """On that day, with ids that leave those of all other happenings as they are."""

    def step(session: Session) -> None:
        with ids.repeatable(chance), clock.standing_at(clock.at(day, AT)):
            act(session)

    return step


def _entered(branch: Branch, new_year: int, chance: Random) -> Mapping[date, list[Happening]]:
    *days, last = [working_day(date(new_year - 1, *on)) for on in ENTERED]
    found: dict[date, list[Happening]] = {day: [] for day in (*days, last.replace(year=new_year))}
    told = Span(date(new_year - 1, 1, 1), max(found), chance)
    for person in branch.people:
        if person.status is MemberStatus.FULL:
            for one in conduct(person, told):
                if one.stream in TOLD and one.day.year < new_year:
                    found[next(day for day in found if day >= one.written_on)].append(one)
    return found


def _ask(session: Session, *, branch: Branch, year: int) -> None:
    signing.ask(session, branch.actor(branch.secretary), year=year)


def _sign(session: Session, *, branch: Branch, year: int) -> None:
    for place, person in enumerate(branch.people):
        said, words = (SignatureWords.RESERVED, RESERVED) if place == RESERVES else (SignatureWords.AGREED, None)
        if place not in (PAPER, ILL):
            signing.sign(session, branch.actor(person), year=year, said=said, words=words)
    for row in session.scalars(_OPEN).all():
        if row.member_id in {one.id for one in branch.people[PAPER : PAPER + 1]}:
            signing.note_paper(session, branch.actor(branch.secretary), signature_id=row.id)
            signing.decide_paper(session, branch.actor(branch.deputy), signature_id=row.id, second=Second.CONFIRM)


def _note(session: Session, *, branch: Branch, year: int) -> None:
    for row in session.scalars(_OPEN.where(Signature.year == year)).all():
        signing.note_unsigned(session, branch.actor(branch.secretary), signature_id=row.id, why=Why.ILL)


def _archive(session: Session, *, branch: Branch, year: int) -> None:
    """Each sheet by two who are not the person: the secretary's and the deputy's take the commissioner."""
    one, other = branch.actor(branch.secretary), branch.actor(branch.deputy)
    service.propose(session, one, year=year)
    service.propose(session, other, year=year)
    for actor in (other, *map(branch.actor, branch.commissioners)):
        service.decide(session, actor, branch_id=branch.id, year=year, second=Second.CONFIRM)


def reopen(session: Session, branch: Branch, above: Branch, year: int, today: date) -> None:
    """The committee opens one sheet again; a grade is corrected, and the next version archived."""
    officer = next((one for one in above.officers if Role.COMMITTEE_OFFICER in one.roles), None)
    if officer is None or len(branch.people) <= REOPENED or not (held := powers.standing(session, officer.id)):
        return
    person = branch.people[REOPENED]
    chance = Random(f"{branch.number}/{year}/2")  # noqa: S311 (nothing here is secret)
    with ids.repeatable(chance), clock.standing_at(clock.at(today, CLOSING)):
        actor = replace(above.actor(officer), leads=held.leads)
        open_again(session, actor, who=person.member_number, year=year, reason=WHY, document=DOCUMENT % today.year)
        one, other = branch.actor(branch.secretary), branch.actor(branch.deputy)
        if year + 1 == today.year:  # whose grades are still entered
            _correct(session, branch, person.id, Quarter(year, 3))
        signing.ask(session, one, year=year)
        signing.sign(session, branch.actor(person), year=year, said=SignatureWords.AGREED)
        service.propose(session, one, year=year)
        service.decide(session, other, branch_id=branch.id, year=year, second=Second.CONFIRM)


def _correct(session: Session, branch: Branch, member_id: UUID, quarter: Quarter) -> None:
    stands = appraisals.versions(session, {member_id}, {quarter.year})[member_id, quarter].stands()
    good, fairly = AppraisalGrade.GOOD, AppraisalGrade.FAIRLY_GOOD
    grade = fairly if stands and stands[0].grade is good else good
    appraise(session, branch.actor(branch.secretary), [Given(member_id, quarter, grade, WHY)])
    waits = select(Review.id).where(
        Review.member_id == member_id, Review.status == ReviewStatus.PENDING, Review.kind == KIND
    )
    reviews.approve(session, branch.actor(branch.deputy), session.scalars(waits).all())

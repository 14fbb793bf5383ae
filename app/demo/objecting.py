"""Objections of a year: in the first branch one upheld and a late one that waits, elsewhere one decided above.

In the third branch, whose publicity is open today, one is answered and another one waits.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo import publicising
from app.demo.happenings import Span, Step
from app.demo.people import Branch, Person
from app.features.ledger.rules import FactType
from app.features.members import powers
from app.features.members.rules import Role
from app.features.scores.objections import service
from app.features.scores.objections.corrections import Correction, SignedWords
from app.features.scores.objections.filing import file_objection
from app.features.scores.objections.rules import About, ObjectionOutcome

SAID_AT: Final = time(17, 0)
HAS_A_YEAR: Final = 1
"""The number of the branch that lives through all of them."""
LAST: Final = 7
"""Of its people, from 0, who objects to something."""
_Act = Callable[[Session], object]
_STUDIED: Final = "本季度参加区里一天培训，没有记上。"
_COURSE: Final = "培训班的结业名单里有我，请核对。"


class Quarter(NamedTuple):
    """Its year and number, and when its publicity opened."""

    year: int
    number: int
    opened: date


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day."""
    days = sorted(publicising.steps(branch, span))
    opened = [Quarter(span.since.year, number, day) for number, day in enumerate(days, 1)]
    acts: list[tuple[date, _Act]] = []
    if not opened or len(branch.people) <= LAST:
        return {}
    last, lately = opened[-1], span.until - timedelta(days=1)
    if branch.number == HAS_A_YEAR:
        acts += _upheld(branch, branch.people[5], opened[0])
        if last.opened < lately:
            acts += [(lately, _file(branch, branch.people[LAST], new_id(), _COURSE, last))]
    if branch.officers and opened[1:]:
        acts += _refused(branch, branch.people[LAST], opened[0])
    if branch.number == publicising.IS_LATE and last.opened < span.until:
        answered, filed_on = new_id(), last.opened + timedelta(days=1)
        acts += [
            (filed_on, _file(branch, branch.people[5], answered, _STUDIED, last)),
            (filed_on, _file(branch, branch.people[6], new_id(), _COURSE, last)),
            (span.until, partial(_answer, branch=branch, objection_id=answered, said=_no())),
        ]
    found: dict[date, list[Step]] = defaultdict(list)
    for on, act in acts:
        if on <= span.until:
            found[on].append(partial(_at, day=on, act=act))
    return found


def _upheld(branch: Branch, person: Person, quarter: Quarter) -> list[tuple[date, _Act]]:
    one, day = new_id(), quarter.opened.replace(day=1) - timedelta(days=9)
    new = Correction(fact_type=FactType.STUDY_TRAINING_DAY, day=day)
    said = SignedWords(ObjectionOutcome.UPHELD, "培训通知和签到表都有本人姓名，情况属实，补记一天。", new)
    return [
        (quarter.opened + timedelta(days=1), _file(branch, person, one, _STUDIED, quarter)),
        (quarter.opened + timedelta(days=2), partial(_answer, branch=branch, objection_id=one, said=said)),
        (quarter.opened + timedelta(days=3), partial(service.accept, actor=branch.actor(person), objection_id=one)),
    ]


def _refused(branch: Branch, person: Person, quarter: Quarter) -> list[tuple[date, _Act]]:
    one = new_id()
    return [
        (quarter.opened + timedelta(days=1), _file(branch, person, one, _COURSE, quarter)),
        (quarter.opened + timedelta(days=2), partial(_answer, branch=branch, objection_id=one, said=_no())),
        (quarter.opened + timedelta(days=3), partial(service.escalate, actor=branch.actor(person), objection_id=one)),
        (quarter.opened + timedelta(days=9), partial(_decide, branch=branch, objection_id=one)),
    ]


def _no() -> SignedWords:
    return SignedWords(ObjectionOutcome.REFUSED, "结业名单中没有查到，培训单位回复为另一期学员。")


def _file(branch: Branch, person: Person, objection_id: UUID, words: str, quarter: Quarter) -> _Act:
    return partial(
        file_objection,
        actor=branch.actor(person),
        id=objection_id,
        about=About.MISSING,
        rule="B2",
        words=words,
        year=quarter.year,
        quarter=quarter.number,
    )


def _at(session: Session, *, day: date, act: _Act) -> None:
    with clock.standing_at(clock.at(day, SAID_AT)):
        act(session)


def _answer(session: Session, *, branch: Branch, objection_id: UUID, said: SignedWords) -> None:
    service.answer(session, branch.actor(branch.secretary), objection_id, said)


def _decide(session: Session, *, branch: Branch, objection_id: UUID) -> None:
    """The committee agrees with the branch."""
    officer = next(person for person in branch.officers if Role.COMMITTEE_OFFICER in person.roles)
    if (held := powers.standing(session, officer.id)) is not None:
        said = SignedWords(ObjectionOutcome.REFUSED, "调阅了培训班名册，支部的答复属实，维持。")
        service.decide(session, replace(branch.actor(officer), leads=held.leads), objection_id, said)

"""A quiz in the last month of each quarter, one open today; officers approve what those pass who may know the keys."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at, new_id
from app.demo.calendar import working_day
from app.demo.happenings import Span, Step
from app.demo.matters import QUIZ_QUESTIONS
from app.demo.people import Branch, Person
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.bank import service as bank
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz import passes, planning, queries, service
from app.features.study.quiz.models import ShowAnswers
from app.features.study.quiz.rules import QuestionType

OPEN_FOR: Final = 14
LATELY: Final = timedelta(days=6)
"""One is open today."""
TAKE: Final = 5
KNOWN: Final = 0.7
"""How often a question is answered right."""
TAKEN_BY: Final = 0.9
WRONG: Final = {"A": "B", "B": "A", "ABC": "AC", "T": "F", "F": "T"}
_AT: Final = time(9, 40)
_WAITING: Final = (
    select(Review.id, Review.member_id)
    .where(Review.branch_id == bindparam("branch"), Review.kind == passes.PASSED, Review.status == ReviewStatus.PENDING)
    .order_by(Review.id)
)


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day, from the first quarter that the time told holds on."""
    found: dict[date, list[Step]] = defaultdict(list)
    chance = Random(f"quizzes of branch {branch.number}")  # noqa: S311 - chance, no secret
    quarters = [working_day(date(span.until.year, month, 5)) for month in (3, 6, 9, 12)]
    lately = working_day(span.until - LATELY)
    for opens in sorted({*(day for day in quarters if span.since <= day < lately), lately}):
        quiz_id = _id(opens)
        found[opens].append(partial(_plan, branch=branch, opens=opens, quiz_id=quiz_id))
        for person in branch.everybody:
            if not person.exemption and chance.random() < TAKEN_BY:
                day = opens + timedelta(days=chance.randint(0, OPEN_FOR - 1))
                if day <= span.until:
                    found[day].append(partial(_answer, branch=branch, person=person, quiz_id=quiz_id, day=day))
        looked_at = working_day(opens + timedelta(days=OPEN_FOR + 1))
        if looked_at <= span.until:
            found[looked_at].append(partial(_approve, branch=branch, day=looked_at))
    return found


def _id(day: date) -> UUID:
    return id_at(clock.at(day, _AT))


def _plan(session: Session, *, branch: Branch, opens: date, quiz_id: UUID) -> None:
    at = clock.at(opens, _AT)
    planner = branch.actor(branch.secretary)
    with clock.standing_at(at):
        there = bank.questions(session, planner.branch_id)
        if not there:
            news = [
                NewQuestion(QuestionType(kind), stem, options, key, explanation=why, tag="党章党规")
                for kind, stem, options, key, why in QUIZ_QUESTIONS
            ]
            bank.add_all(session, planner, planner.branch_id, news)
            there = bank.questions(session, planner.branch_id)
        new = planning.NewQuiz(
            id=quiz_id,
            organisation_id=planner.branch_id,
            title=f"{opens.month}月应知应会测试",
            opens_at=at,
            closes_at=at + timedelta(days=OPEN_FOR),
            question_ids=[row.id for row in there],
            take=TAKE,
            line=60,
            attempts=3,
            half=False,
            shows=ShowAnswers.AFTER_CLOSING,
        )
        planning.plan(session, planner, new)


def _answer(session: Session, *, branch: Branch, person: Person, quiz_id: UUID, day: date) -> None:
    chance = Random(f"{person.place} {day}")  # noqa: S311 - chance, no secret
    actor = branch.actor(person)
    with clock.standing_at(clock.at(day, time(12, chance.randint(0, 59)))):
        of = queries.quiz(session, actor, quiz_id)
        there = queries.asked(session, quiz_id)
        given = queries.next_set(session, actor, of, there)
        answers = {
            name: there[name].question.key if chance.random() < KNOWN else WRONG[there[name].question.key]
            for name in given.question_ids
        }
        now = clock.now()
        new = service.NewAttempt(
            id=new_id(),
            given=given,
            answers=answers,
            member_id=person.id,
            branch_id=actor.branch_id,
            at=now,
            received_at=now,
        )
        service.hand_in(session, new)


def _approve(session: Session, *, branch: Branch, day: date) -> None:
    with clock.standing_at(clock.at(day, time(16, 10))):
        whose = {person.id: person for person in branch.everybody}
        for pass_id, member_id in session.execute(_WAITING, {"branch": branch.id}).all():
            reviews.approve(session, branch.actor(branch.confirmer_of(whose[member_id])), [pass_id])

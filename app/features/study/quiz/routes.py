"""Quizzes as members meet them: their list, answering one, what came of it, and the draw computed again."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study.bank.keepers import kept_by
from app.features.study.bank.rules import LETTERS
from app.features.study.quiz import coverage, draws, happened, passes, queries, service
from app.features.study.quiz.captures import HOME, outcome
from app.features.study.quiz.planning import MOST_QUESTIONS
from app.features.study.quiz.service import NewAttempt
from app.features.study.quiz.sets import QuizSet
from app.features.study.quiz.view import options, reviewed, steps

ONE: Final = "study/quiz.html"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]


class SetForm(FormModel):
    """The set that was answered; the answers stand in fields of their own, named by their question."""

    id: UUID
    number: Annotated[int, Field(ge=1, le=10_000)]
    signature: Annotated[str, Field(max_length=64)]
    questions: Annotated[list[UUID], Field(min_length=1, max_length=MOST_QUESTIONS)]


@router.get("")
def quizzes(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """The quizzes of the branch, the latest first."""
    return pages.render(
        request,
        "study/quizzes.html",
        quizzes=queries.of_branch(session, actor),
        now=clock.now(),
        given=queries.given_by(session, actor),
        plans=bool(kept_by(actor)),
    )


@router.get("/of/{attempt_id:uuid}")
def of_attempt(session: DbSession, actor: MemberActor, attempt_id: UUID) -> Response:
    """The quiz of an attempt: where a fact or a line of the queue leads."""
    return pages.see_other(f"{HOME}/{queries.quiz(session, actor, queries.quiz_of(session, attempt_id)).id}")


@router.get("/{quiz_id:uuid}")
def one(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID) -> Response:
    """A quiz: what it asks for, my attempts, and for officers how the branch fared."""
    of = queries.quiz(session, actor, quiz_id)
    there = queries.asked(session, of.id)
    attempts = queries.mine(session, of.id, actor.member_id)
    closed, opened = clock.now() > of.closes_at, clock.now() >= of.opens_at
    told = [attempt for attempt in attempts if closed or attempt.counts]  # practice would try out the key
    plans, is_asked = of.organisation_id in kept_by(actor), queries.asks(session, of.id, actor.branch_id)
    officer = actor.may(Permission.SEE_BRANCH) and is_asked
    return pages.render(
        request,
        ONE,
        quiz=of,
        questions=list(there.values()),
        number=of.take or sum(row.of_quiz.is_drawn for row in there.values()),
        attempts=[(one, queries.score_of(of, there, one.answers) if one in told else None) for one in attempts],
        best=max((attempt for attempt in attempts if attempt.counts), key=queries.share, default=None),
        reviewed=reviewed(told, there) if queries.shows_answers(of, told, closed=closed) else (),
        opened=opened,
        closed=closed,
        is_asked=is_asked,
        left=of.attempts - sum(attempt.counts for attempt in attempts),
        covered=coverage.of_branch(session, of, actor.branch_id) if officer else None,
        branches=coverage.of_all(session, of) if of.organisation_id in actor.leads else None,
        plans=plans,  # whoever else could still gain by it reads no key here
        answered=queries.is_answered(session, of.id),
        waits=passes.waits(session, of, actor.member_id),
        steps=steps(happened.history(session, of.id), there) if plans or officer else (),
        letters=LETTERS,
    )


@router.get("/{quiz_id:uuid}/draw")
def draw(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID) -> Response:
    """What my questions were drawn from and by which seed; the seed once the quiz has closed."""
    of = queries.quiz(session, actor, quiz_id)
    is_shown = clock.now() > of.closes_at
    there = queries.asked(session, of.id)
    attempts = queries.mine(session, of.id, actor.member_id)
    mine = {name for attempt in attempts for name in attempt.answers}
    pools = happened.pools(happened.history(session, of.id))
    return pages.render(
        request,
        "study/draw.html",
        back=(f"{HOME}/{of.id}", of.title),
        about=_("Each attempt at this quiz draws its questions from a pool, for each person others."),
        promise=draws.promise_of(of.seed),
        seed=of.seed if is_shown else "",
        waits=_("The seed stands here once the quiz has closed: before, it would tell which questions come."),
        draws=list(draws.of_attempts(of, attempts, pools)) if is_shown else (),
        said={str(name): one.question.stem for name, one in there.items() if str(name) in mine},
        yours=_("yours"),
        nothing=_("You have taken no attempt with drawn questions."),
    )


@router.get("/{quiz_id:uuid}/take")
def take(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID) -> Response:
    """The questions of my next attempt, one a screen. Phones keep this page; there is no key in it."""
    return _take(request, session, actor, quiz_id)


@router.post("/{quiz_id:uuid}/take")
def hand_in(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID, raw: RawForm) -> Response:
    """Hand in what was answered."""
    queries.asking(session, actor, quiz_id)

    def do(form: SetForm) -> Done:
        now = clock.now()
        attempt = service.hand_in(
            session,
            NewAttempt(
                id=form.id,
                given=QuizSet(quiz_id, form.number, form.questions, form.signature),
                answers={name: _letters(raw, name) for name in form.questions},
                member_id=actor.member_id,
                branch_id=actor.branch_id,
                at=now,
                received_at=now,
            ),
        )
        return Done(f"{HOME}/{quiz_id}", outcome(attempt).message if not attempt.counts else _("Handed in."))

    return act(request, session, raw, SetForm, do, page=partial(_take, request, session, actor, quiz_id))


def _letters(raw: FormData, name: UUID) -> str:
    return "".join(sorted({str(value) for value in raw.getlist(f"a-{name}")}))[: len(LETTERS)]


def _take(request: Request, session: Session, actor: Actor, quiz_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    of = queries.asking(session, actor, quiz_id)
    if clock.now() < of.opens_at:
        raise service.NotOpenError
    there = queries.asked(session, of.id)
    given = queries.next_set(session, actor, of, there)
    return pages.render(
        request,
        "study/quiz_take.html",
        block="quiz_sheet",
        status=answer.status,
        form=answer.form,
        quiz=of,
        given=given,
        questions=[(there[name].question, options(there[name].question)) for name in given.question_ids],
        is_practice=given.number > of.attempts,
        id=new_id(),
        letters=LETTERS,
        home=HOME,
    )

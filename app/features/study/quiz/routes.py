"""Quizzes: their list, planning one, answering it, what came of it, and the usual form on paper."""

from datetime import datetime, time
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import clock, forms, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE, write_tables
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study.bank import service as bank
from app.features.study.bank.rules import LETTERS
from app.features.study.quiz import papers, planning, queries, service
from app.features.study.quiz.captures import HOME, outcome
from app.features.study.quiz.models import MOST_ATTEMPTS, TITLE_LENGTH, ShowAnswers
from app.features.study.quiz.planning import MOST_QUESTIONS, NewQuiz
from app.features.study.quiz.rules import ATTEMPTS, LINES
from app.features.study.quiz.service import NewAttempt
from app.features.study.quiz.sets import QuizSet
from app.features.study.quiz.view import options, reviewed

ONE: Final = "study/quiz.html"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Planner = Annotated[Actor, require(Permission.KEEP_QUESTIONS)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]


class QuizForm(FormModel):
    """A quiz that is planned. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    title: Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH)]
    opens_on: Day
    opens: time = time(8)
    closes_on: Day
    closes: time = time(18)
    questions: list[UUID] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    """Banks with a tag, of which all questions are taken."""
    take: Annotated[int, Field(ge=1, le=MOST_QUESTIONS)] | None = None
    line: Annotated[int, Field(ge=LINES[0], le=LINES[-1])] = 60
    attempts: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)] = ATTEMPTS
    half: bool = False
    shows: ShowAnswers = ShowAnswers.AFTER_CLOSING


class SetForm(FormModel):
    """The set that was answered; the answers stand in fields of their own, named by their question."""

    id: UUID
    number: Annotated[int, Field(ge=1, le=10_000)]
    signature: Annotated[str, Field(max_length=64)]
    questions: Annotated[list[UUID], Field(min_length=1, max_length=MOST_QUESTIONS)]


class QuestionForm(FormModel):
    """Which question is faulty."""

    question_id: UUID


@router.get("")
def quizzes(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """The quizzes of the branch, the latest first."""
    return pages.render(
        request,
        "study/quizzes.html",
        quizzes=queries.of_branch(session, actor),
        now=clock.now(),
        plans=bank.is_planner(actor),
        to_vouch=set(queries.to_vouch(session, actor, clock.now())) if service.may_vouch(actor) else (),
    )


@router.get("/new")
def new(request: Request, session: DbSession, actor: Planner) -> Response:
    """The form of a quiz."""
    return _form(request, session, actor)


@router.post("")
def plan(request: Request, session: DbSession, actor: Planner, raw: RawForm) -> Response:
    """Plan it."""

    def do(form: QuizForm) -> Done:
        said = form.model_dump(include={"id", "title", "take", "line", "attempts", "half", "shows"})
        meant = [*form.questions, *_tagged(session, actor, form.tags)]
        said["opens_at"] = _moment(form.opens_on, form.opens)
        said["closes_at"] = _moment(form.closes_on, form.closes)
        quiz_id = planning.plan(session, actor, NewQuiz(**said, question_ids=meant))
        return Done(f"{HOME}/{quiz_id}", _("Planned. Whoever is in the branch finds it from its opening on."))

    return act(request, session, raw, QuizForm, do, page=partial(_form, request, session, actor))


@router.get("/register")
def paper(request: Request, session: DbSession, actor: Officer) -> Response:
    """The usual form 测试情况 on paper."""
    return pages.render(
        request,
        "meetings/paper.html",
        tables=[papers.register(session, actor)],
        sub=actor.branch_name,
        file=f"{HOME}/register.xlsx",
        back=(HOME, _("Quizzes")),
    )


@router.get("/register.xlsx")
def file(session: DbSession, actor: Officer) -> Response:
    """The same as a file."""
    table = papers.register(session, actor)
    name = f"{table.name} {actor.branch_name}.xlsx"
    return pages.download(write_tables([table]), name=name, media_type=XLSX_MEDIA_TYPE)


@router.get("/{quiz_id:uuid}")
def one(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID) -> Response:
    """A quiz: what it asks for, my attempts, and for officers how the branch fared."""
    of = queries.quiz(session, actor, quiz_id)
    there = queries.asked(session, of.id)
    attempts = queries.mine(session, of.id, actor.member_id)
    closed, opened = clock.now() > of.closes_at, clock.now() >= of.opens_at
    is_mine = actor.member_id in service.makers(of, there)
    keeps = is_mine or (closed and service.may_vouch(actor))  # whoever may still gain by it reads no key here
    return pages.render(
        request,
        ONE,
        quiz=of,
        questions=list(there.values()),
        number=of.take or sum(row.of_quiz.is_drawn for row in there.values()),
        attempts=[(attempt, queries.score_of(of, there, attempt.answers)) for attempt in attempts],
        best=max((attempt for attempt in attempts if attempt.counts), key=queries.share, default=None),
        reviewed=reviewed(attempts, there) if queries.shows_answers(of, attempts, closed=closed) else (),
        opened=opened,
        closed=closed,
        left=of.attempts - sum(attempt.counts for attempt in attempts),
        covered=queries.coverage(session, of) if actor.may(Permission.SEE_BRANCH) else None,
        keeps=keeps,
        plans=bank.is_planner(actor),
        vouches=quiz_id in queries.to_vouch(session, actor, clock.now()) if service.may_vouch(actor) else False,
        is_mine=is_mine,
        letters=LETTERS,
    )


@router.get("/{quiz_id:uuid}/take")
def take(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID) -> Response:
    """The questions of my next attempt, one a screen. Phones keep this page; there is no key in it."""
    return _take(request, session, actor, quiz_id)


@router.post("/{quiz_id:uuid}/take")
def hand_in(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID, raw: RawForm) -> Response:
    """Hand in what was answered."""
    queries.quiz(session, actor, quiz_id)

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


@router.post("/{quiz_id:uuid}/withdraw")
def withdraw(request: Request, session: DbSession, actor: Planner, quiz_id: UUID, raw: RawForm) -> Response:
    """Withdraw a faulty question."""
    question_id = forms.sent(QuestionForm, raw).question_id
    service.withdraw(session, actor, quiz_id=quiz_id, question_id=question_id)
    return pages.go(request, f"{HOME}/{quiz_id}", message=_("Withdrawn. All attempts are scored without it."))


@router.post("/{quiz_id:uuid}/vouch")
def vouch(request: Request, session: DbSession, actor: MemberActor, quiz_id: UUID) -> Response:
    """Say that it was fair."""
    service.vouch(session, actor, quiz_id=quiz_id)
    return pages.go(request, f"{HOME}/{quiz_id}", message=_("Said. The passes of those who made it count as well."))


@router.post("/{quiz_id:uuid}/off")
def call_off(request: Request, session: DbSession, actor: Planner, quiz_id: UUID) -> Response:
    """Forget a quiz that nobody has answered."""
    planning.call_off(session, actor, quiz_id=quiz_id)
    return pages.go(request, HOME, message=_("Called off."))


def _letters(raw: FormData, name: UUID) -> str:
    return "".join(sorted({str(value) for value in raw.getlist(f"a-{name}")}))[: len(LETTERS)]


def _moment(day: Day, at: time) -> datetime:
    return clock.midnight(day).replace(hour=at.hour, minute=at.minute)


def _tagged(session: Session, actor: Actor, tags: list[str]) -> list[UUID]:
    return [row.id for row in bank.offered(session, actor) if queries.tag_of(row) in tags]


def _take(request: Request, session: Session, actor: Actor, quiz_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    of = queries.quiz(session, actor, quiz_id)
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


def _form(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    if not bank.is_planner(actor):
        raise service.NotPlannerError
    groups: dict[str, list[Any]] = {}
    for row in bank.offered(session, actor):
        groups.setdefault(queries.tag_of(row), []).append(row)
    return pages.render(
        request,
        "study/quiz_form.html",
        block="quiz_form",
        status=answer.status,
        form=answer.form,
        id=(answer.form and ids.read(answer.form.typed("id"))) or new_id(),
        groups=[(name, rows[0].bank, rows[0].tag, rows) for name, rows in groups.items()],
        shows=ShowAnswers.choices(),
        today=clock.today(),
        attempts=ATTEMPTS,
        title_length=TITLE_LENGTH,
        most=MOST_QUESTIONS,
        home=HOME,
    )

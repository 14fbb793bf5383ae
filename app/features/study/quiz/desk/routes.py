"""What those do who give quizzes: plan one, withdraw a faulty question, call one off, and the usual forms on paper."""

from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, forms, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotFoundError
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.messages import Undo
from app.core.portions import Came, Onward, carry_out
from app.core.routing import DbSession, Router, Units
from app.core.tables import XLSX_MEDIA_TYPE, write_tables
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study.bank import service as bank
from app.features.study.bank.keepers import kept_by
from app.features.study.quiz import papers, planning, queries, service
from app.features.study.quiz.captures import HOME
from app.features.study.quiz.models import MOST_ATTEMPTS, TITLE_LENGTH, Quiz, ShowAnswers
from app.features.study.quiz.planning import MOST_QUESTIONS, NewQuiz
from app.features.study.quiz.rules import ATTEMPTS, LINES

router: Final = Router(prefix=HOME)
Planner = Annotated[Actor, require(Permission.KEEP_QUESTIONS)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]


class QuizForm(FormModel):
    """A quiz that is planned. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    organisation_id: UUID
    chosen: list[UUID] = Field(default_factory=list)
    """Branches of a committee, or parts of it."""
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


class QuestionForm(FormModel):
    """Which question is faulty."""

    question_id: UUID


@router.get("/new")
def new(request: Request, session: DbSession, actor: Planner, of: UUID | None = None) -> Response:
    """The form of a quiz: of the own branch, or of a committee that the actor leads."""
    return _form(request, session, actor, of)


@router.post("")
def plan(request: Request, session: DbSession, actor: Planner, raw: RawForm) -> Response:
    """Plan it."""

    def do(form: QuizForm) -> Done:
        said = form.model_dump(exclude={"opens_on", "opens", "closes_on", "closes", "questions", "tags"})
        meant = [*form.questions, *_tagged(session, form.organisation_id, form.tags)]
        said["opens_at"] = _moment(form.opens_on, form.opens)
        said["closes_at"] = _moment(form.closes_on, form.closes)
        quiz_id = planning.plan(session, actor, NewQuiz(**said, question_ids=meant))
        return Done(f"{HOME}/{quiz_id}", _("Planned. Whoever is asked finds it from its opening on."))

    of = ids.read(str(raw.get("organisation_id", "")))
    ticked = frozenset(str(one) for name in ("chosen", "tags", "questions") for one in raw.getlist(name))
    page = partial(_form, request, session, actor, of, ticked=ticked)
    return act(request, session, raw, QuizForm, do, page=page)


@router.get("/register")
def paper(request: Request, session: DbSession, actor: Officer) -> Response:
    """The usual form 测试情况 on paper."""
    return pages.render(
        request,
        "paper.html",
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


@router.get("/{quiz_id:uuid}/branches")
def branches(request: Request, session: DbSession, actor: Planner, quiz_id: UUID) -> Response:
    """The numbers of each branch that a committee's quiz asks."""
    of = _given(session, actor, quiz_id)
    return pages.render(
        request,
        "paper.html",
        tables=papers.of_branches(session, of),
        sub=of.title,
        file=f"{HOME}/{quiz_id}/branches.xlsx",
        back=(f"{HOME}/{quiz_id}", of.title),
    )


@router.get("/{quiz_id:uuid}/branches.xlsx")
def branches_file(session: DbSession, actor: Planner, quiz_id: UUID) -> Response:
    """The same as a file."""
    of = _given(session, actor, quiz_id)
    found = papers.of_branches(session, of)
    return pages.download(write_tables(found), name=f"{found[0].name} {of.title}.xlsx", media_type=XLSX_MEDIA_TYPE)


@router.post("/{quiz_id:uuid}/withdraw")
def withdraw(request: Request, units: Units, actor: Planner, quiz_id: UUID, raw: RawForm) -> Response:
    """Withdraw a faulty question."""
    question_id = forms.sent(QuestionForm, raw).question_id
    begin = partial(service.withdraw, question_id=question_id)
    undo = Undo(f"{HOME}/{quiz_id}/restore", _("Take back"), {"question_id": str(question_id)})
    said = _("Withdrawn. All attempts are scored without it.")
    return _scored(request, units, actor, raw, quiz_id=quiz_id, begin=begin, said=said, undo=undo)


@router.post("/{quiz_id:uuid}/restore")
def restore(request: Request, units: Units, actor: Planner, quiz_id: UUID, raw: RawForm) -> Response:
    """Take the withdrawal back."""
    begin = partial(service.restore, question_id=forms.sent(QuestionForm, raw).question_id)
    said = _("The question counts again. No pass was taken away.")
    return _scored(request, units, actor, raw, quiz_id=quiz_id, begin=begin, said=said)


@router.post("/{quiz_id:uuid}/score")
def score(request: Request, units: Units, actor: Planner, quiz_id: UUID, raw: RawForm) -> Response:
    """Go on with what somebody has left half scored."""
    return _scored(request, units, actor, raw, quiz_id=quiz_id, begin=service.go_on, said=_("All attempts are scored."))


def _scored(
    request: Request,
    units: Units,
    actor: Actor,
    raw: RawForm,
    *,
    quiz_id: UUID,
    begin: Callable[..., Came],
    said: str,
    undo: Undo | None = None,
) -> Response:
    """Score the attempts anew, some people at a time."""

    def do(onward: Onward) -> Came:
        with units.write() as session:
            return (service.go_on if onward.after else begin)(session, actor, quiz_id=quiz_id)

    title, to = _("Scoring the attempts anew"), f"{HOME}/{quiz_id}"
    return carry_out(request, raw, do, title=title, to=to, said=lambda _onward: said, undo=undo)


@router.post("/{quiz_id:uuid}/off")
def call_off(request: Request, session: DbSession, actor: Planner, quiz_id: UUID) -> Response:
    """Forget a quiz that nobody has answered."""
    planning.call_off(session, actor, quiz_id=quiz_id)
    return pages.go(request, HOME, message=_("Called off."))


def _given(session: Session, actor: Actor, quiz_id: UUID) -> Quiz:
    of = queries.quiz(session, actor, quiz_id)
    if of.organisation_id not in actor.leads:
        raise NotFoundError
    return of


def _moment(day: Day, at: time) -> datetime:
    return clock.midnight(day).replace(hour=at.hour, minute=at.minute)


def _tagged(session: Session, organisation_id: UUID, tags: list[str]) -> list[UUID]:
    return [row.id for row in bank.offered(session, organisation_id) if queries.tag_of(row) in tags]


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    of: UUID | None,
    answer: Answer = AS_IT_IS,
    *,
    ticked: frozenset[str] = frozenset(),
) -> Response:
    kept = kept_by(actor)
    if not kept:
        raise service.NotPlannerError
    of = of or kept[0]
    if of not in kept:
        raise NotFoundError
    groups: dict[str, list[Any]] = {}
    for row in bank.offered(session, of):
        groups.setdefault(queries.tag_of(row), []).append(row)
    names = bank.names(session, kept)
    return pages.render(
        request,
        "study/quiz_form.html",
        block="quiz_form",
        status=answer.status,
        form=answer.form,
        id=(answer.form and ids.read(answer.form.typed("id"))) or new_id(),
        of=of,
        ticked=ticked,
        views=[(f"{HOME}/new?of={one}", names[one], one == of) for one in kept],
        places=queries.choosable(session, of) if of in actor.leads else (),
        groups=[(name, rows[0].bank, rows[0].tag, rows) for name, rows in groups.items()],
        shows=ShowAnswers.choices(),
        today=clock.today(),
        attempts=ATTEMPTS,
        title_length=TITLE_LENGTH,
        most=MOST_QUESTIONS,
        home=HOME,
    )

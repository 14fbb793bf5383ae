"""The bank of questions: its list, the form of one question, and lists that are brought in."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.imports.pages import list_pages
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study.bank import service as bank
from app.features.study.bank.keepers import kept_by
from app.features.study.bank.listing import HOME, QUESTIONS
from app.features.study.bank.rules import (
    EXPLANATION_LENGTH,
    LETTERS,
    OPTION_LENGTH,
    SOURCE_LENGTH,
    STEM_LENGTH,
    TAG_LENGTH,
    NewQuestion,
)
from app.features.study.quiz.models import BankQuestion
from app.features.study.quiz.rules import DEFAULT_POINTS, POINTS, QuestionType

FORM: Final = "study/question.html"
KEEPS: Final = require(Permission.KEEP_QUESTIONS)
Keeper = Annotated[Actor, KEEPS]
router: Final[Router] = list_pages(QUESTIONS, KEEPS)


class QuestionForm(FormModel):
    """A question; its options stand one in a line."""

    id: UUID
    bank_id: UUID | None = None
    kind: QuestionType
    stem: Annotated[str, Field(max_length=STEM_LENGTH)]
    options: Annotated[str, Field(max_length=(OPTION_LENGTH + 1) * len(LETTERS))] = ""
    key: Annotated[str, Field(max_length=40)] = ""
    points: Annotated[int, Field(ge=POINTS[0], le=POINTS[-1])] = DEFAULT_POINTS
    explanation: Annotated[str, Field(max_length=EXPLANATION_LENGTH)] | None = None
    source: Annotated[str, Field(max_length=SOURCE_LENGTH)] | None = None
    tag: Annotated[str, Field(max_length=TAG_LENGTH)] | None = None

    @property
    def question(self) -> NewQuestion:
        """What it says."""
        options = [line.strip() for line in self.options.splitlines() if line.strip()]
        said = self.model_dump(include={"kind", "stem", "points", "explanation", "source", "tag"})
        return NewQuestion(**said, options=options, typed_key=self.key)


@router.get(HOME)
def in_bank(request: Request, session: DbSession, actor: Keeper, bank_id: UUID | None = None) -> Response:
    """The questions of a bank that the actor keeps, each with its key."""
    kept = bank.names(session, kept_by(actor))
    chosen = bank_id or next(iter(kept_by(actor)), None)
    if chosen not in kept:
        raise NotFoundError
    return pages.render(
        request,
        "study/questions.html",
        views=[(f"{HOME}?bank_id={name}", words, name == chosen) for name, words in kept.items()],
        questions=bank.questions(session, chosen),
        bank_id=chosen,
        letters=LETTERS,
    )


@router.get(f"{HOME}/new")
def new(request: Request, session: DbSession, actor: Keeper, bank_id: UUID | None = None) -> Response:
    """The empty form."""
    return _form(request, session, actor, bank_id=bank_id)


@router.post(HOME)
def add(request: Request, session: DbSession, actor: Keeper, raw: RawForm) -> Response:
    """Put a question into a bank."""

    def do(form: QuestionForm) -> Done:
        bank_id = form.bank_id or next(iter(kept_by(actor)))
        bank.add(session, actor, bank_id=bank_id, new=form.question, question_id=form.id)
        return Done(f"{HOME}?bank_id={bank_id}", _("The question is in the bank."))

    return act(request, session, raw, QuestionForm, do, page=partial(_form, request, session, actor))


@router.get(f"{HOME}/{{question_id:uuid}}")
def one(request: Request, session: DbSession, actor: Keeper, question_id: UUID) -> Response:
    """The form of a question that is there."""
    return _form(request, session, actor, there=bank.question(session, actor, question_id))


@router.post(f"{HOME}/{{question_id:uuid}}")
def change(request: Request, session: DbSession, actor: Keeper, question_id: UUID, raw: RawForm) -> Response:
    """Correct it; once it was used, as a new version."""
    there = bank.question(session, actor, question_id)

    def do(form: QuestionForm) -> Done:
        bank.change(session, actor, question_id=question_id, new=form.question)
        return Done(f"{HOME}?bank_id={there.bank_id}", _("Saved. What was answered before keeps its version."))

    return act(request, session, raw, QuestionForm, do, page=partial(_form, request, session, actor, there=there))


@router.post(f"{HOME}/{{question_id:uuid}}/out")
def take_out(request: Request, session: DbSession, actor: Keeper, question_id: UUID) -> Response:
    """Take it out of the bank."""
    bank_id = bank.question(session, actor, question_id).bank_id
    bank.take_out(session, actor, question_id=question_id)
    return pages.go(request, f"{HOME}?bank_id={bank_id}", message=_("Taken out of the bank."))


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    bank_id: UUID | None = None,
    there: BankQuestion | None = None,
) -> Response:
    kept = bank.names(session, kept_by(actor))
    return pages.render(
        request,
        FORM,
        block="question_form",
        status=answer.status,
        form=answer.form,
        id=there.id if there else (answer.form and ids.read(answer.form.typed("id"))) or new_id(),
        there=there,
        bank_id=there.bank_id if there else bank_id,
        banks=list(kept.items()) if len(kept) > 1 and not there else [],
        kinds=QuestionType.choices(),
        home=HOME,
        stem_length=STEM_LENGTH,
        explanation_length=EXPLANATION_LENGTH,
        source_length=SOURCE_LENGTH,
        tag_length=TAG_LENGTH,
        points=DEFAULT_POINTS,
    )

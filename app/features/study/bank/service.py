"""The bank of questions of a branch or a committee: who keeps it, and how a question gets its next version."""

from collections.abc import Collection, Sequence
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.core.ids import new_id
from app.core.rows import locked, one, put_once
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.study.bank.keepers import kept_by
from app.features.study.bank.rules import NewQuestion, stem_key
from app.features.study.quiz import happened
from app.features.study.quiz.happened import Step
from app.features.study.quiz.models import BankQuestion, Quiz, QuizQuestion
from app.features.study.quiz.rules import QuestionType

_QUESTIONS: Final = cast(Table, BankQuestion.__table__)
_BANKS: Final = bindparam("banks", type_=Uuid(), expanding=True)
_NOW: Final = bindparam("now", type_=Quiz.opens_at.type)
_OF_BANKS: Final = (
    select(
        BankQuestion.id,
        BankQuestion.bank_id,
        Organisation.name.label("bank"),
        BankQuestion.kind,
        BankQuestion.stem,
        BankQuestion.options,
        BankQuestion.key,
        BankQuestion.points,
        BankQuestion.tag,
        BankQuestion.version,
    )
    .join(Organisation, Organisation.id == BankQuestion.bank_id)
    .where(BankQuestion.bank_id.in_(_BANKS), BankQuestion.is_current)
    .order_by(BankQuestion.bank_id, BankQuestion.tag, BankQuestion.id)
)
_NAMES: Final = select(Organisation.id, Organisation.name).where(Organisation.id.in_(_BANKS)).order_by(Organisation.id)
_STEMS: Final = select(BankQuestion.stem_key).where(BankQuestion.bank_id == bindparam("bank"), BankQuestion.is_current)
_MINE: Final = select(BankQuestion).where(
    BankQuestion.id == bindparam("question"), BankQuestion.bank_id.in_(_BANKS), BankQuestion.is_current
)
_HAS_OPENED: Final = select(
    exists().where(
        QuizQuestion.question_id == bindparam("question"), Quiz.id == QuizQuestion.quiz_id, Quiz.opens_at <= _NOW
    )
)
_IN_USE: Final = select(
    exists().where(
        QuizQuestion.question_id == bindparam("question"), Quiz.id == QuizQuestion.quiz_id, Quiz.closes_at >= _NOW
    )
)
_NOT_CLOSED: Final = locked(
    select(QuizQuestion)
    .join(Quiz, Quiz.id == QuizQuestion.quiz_id)
    .where(QuizQuestion.question_id == bindparam("question"), QuizQuestion.is_drawn, Quiz.closes_at >= _NOW)
    .order_by(QuizQuestion.quiz_id)
)


class SameQuestionError(ConflictError):
    """Two questions of a bank ask the same."""

    code = "same_question"
    message = _("This question stands in the bank already.")
    field = "stem"


class InUseError(ConflictError):
    """A running quiz has it."""

    code = "question_in_use"
    message = _("A quiz that has not closed has this question. Correct it, or withdraw it on the page of the quiz.")


def names(session: Session, banks: Collection[UUID]) -> dict[UUID, str]:
    """What these banks are called: by their organisation."""
    return {row.id: row.name for row in session.execute(_NAMES, {"banks": sorted(banks)})}


def offered(session: Session, place_id: UUID) -> Sequence[AnyRow]:
    """The questions that a quiz of a branch or committee can have: its own and those of the committees above."""
    banks = {place_id, *powers.ladder(session, place_id)}
    return session.execute(_OF_BANKS, {"banks": sorted(banks)}).all()


def questions(session: Session, bank_id: UUID) -> Sequence[AnyRow]:
    """The questions of a bank as they stand."""
    return session.execute(_OF_BANKS, {"banks": [bank_id]}).all()


def stems(session: Session, bank_id: UUID) -> set[str]:
    """What the questions of a bank ask, for finding the same one."""
    return set(session.scalars(_STEMS, {"bank": bank_id}))


def question(session: Session, actor: Actor, question_id: UUID) -> BankQuestion:
    """One question of a bank that the actor keeps.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, _MINE, {"question": question_id, "banks": kept_by(actor)})


def add(session: Session, actor: Actor, *, bank_id: UUID, new: NewQuestion, question_id: UUID | None = None) -> UUID:
    """Put a question into a bank that the actor keeps; the same form twice is once.

    Raises:
        NotFoundError: the actor does not keep the bank.
        BadInputError: something about it cannot be.
        SameQuestionError: the bank asks the same already.
    """
    if bank_id not in kept_by(actor):
        raise NotFoundError
    new.check()
    question_id = question_id or new_id()
    there = session.get(BankQuestion, question_id)
    if there and there.bank_id == bank_id and there.stem_key == stem_key(new.stem):
        return there.id
    _put(session, actor, new, question_id=question_id, bank_id=bank_id, first_id=question_id, version=1)
    return question_id


def add_all(session: Session, actor: Actor, bank_id: UUID, news: Sequence[NewQuestion]) -> int:
    """Put questions of a list into a bank that the actor keeps; gives how many it did not ask by then.

    Raises:
        NotFoundError: the actor does not keep the bank.
    """
    if bank_id not in kept_by(actor):
        raise NotFoundError
    rows = []
    for new in news:
        new.check()
        name = new_id()
        rows.append(
            _columns(new)
            | {"id": name, "first_id": name, "bank_id": bank_id, "version": 1, "is_current": True}
            | {"entered_by_id": actor.member_id, "entered_at": clock.now()}
        )
    return len(put_once(session, _QUESTIONS, rows))


def change(session: Session, actor: Actor, *, question_id: UUID, new: NewQuestion) -> UUID:
    """Correct a question.

    Once a quiz that has it has opened, or by another hand than the one that wrote it, the correction is a new version,
    which quizzes that have not closed draw from then on; attempts keep what they answered, and each hand is known.

    Raises:
        NotFoundError: there is no such question in a bank of the actor.
        BadInputError, SameQuestionError: as for ``add``.
    """
    new.check()
    now = clock.now()
    asked = {"question": question_id, "now": now}
    old = one(session, locked(_MINE), {"question": question_id, "banks": kept_by(actor)})
    if _columns(new).items() <= vars(old).items():
        return old.id
    if old.entered_by_id == actor.member_id and not session.scalar(_HAS_OPENED, asked):
        with refusing(session, {"uq_bank_questions_stem": SameQuestionError}):
            for name, value in {**_columns(new), "entered_at": now}.items():
                setattr(old, name, value)
        return old.id
    old.is_current = False
    session.flush()
    question_id = new_id()
    _put(
        session,
        actor,
        new,
        question_id=question_id,
        bank_id=old.bank_id,
        first_id=old.first_id,
        version=old.version + 1,
    )
    for row in session.scalars(_NOT_CLOSED, asked).all():
        row.is_drawn = False
        session.add(QuizQuestion(quiz_id=row.quiz_id, question_id=question_id, position=row.position))
        session.flush()
        happened.note(session, row.quiz_id, Step.CORRECTED, by_id=actor.member_id, question_id=question_id)
    return question_id


def take_out(session: Session, actor: Actor, *, question_id: UUID) -> None:
    """Take a question out of its bank. Quizzes that are over keep it.

    Raises:
        NotFoundError: there is no such question in a bank of the actor.
        InUseError: a quiz that has not closed has it.
    """
    old = one(session, locked(_MINE), {"question": question_id, "banks": kept_by(actor)})
    if session.scalar(_IN_USE, {"question": question_id, "now": clock.now()}):
        raise InUseError
    old.is_current = False
    session.flush()


def _put(
    session: Session, actor: Actor, new: NewQuestion, *, question_id: UUID, bank_id: UUID, first_id: UUID, version: int
) -> None:
    with refusing(session, {"uq_bank_questions_stem": SameQuestionError}):
        session.add(
            BankQuestion(
                id=question_id,
                bank_id=bank_id,
                first_id=first_id,
                version=version,
                entered_by_id=actor.member_id,
                **_columns(new),
            )
        )


def _columns(new: NewQuestion) -> dict[str, object]:
    is_choice = new.kind is not QuestionType.TRUE_FALSE
    return {
        "kind": new.kind,
        "stem": new.stem,
        "stem_key": stem_key(new.stem),
        "options": [option for option in new.options if option] if is_choice else [],
        "key": new.key,
        "points": new.points,
        "explanation": new.explanation or None,
        "source": new.source or None,
        "tag": new.tag or None,
    }

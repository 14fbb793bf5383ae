"""What a pass becomes: a fact at once or, where its member may know the keys, a record that waits for an officer."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, bindparam, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.core import clock, formats
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.features.ledger import service as ledger
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.members.models import RoleTerm
from app.features.reviews import service as reviews
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus
from app.features.study.bank.keepers import KEEPING
from app.features.study.quiz.models import BankQuestion, Quiz, QuizAttempt, QuizQuestion
from app.features.study.quiz.queries import QUIZ

SOURCE: Final = "study.quiz"
PASSED: Final = "study.quiz_pass"
_REVIEWED: Final = (
    select(QuizAttempt.member_id, Review.status)
    .join(Review, Review.id == QuizAttempt.id)
    .where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.member_id.in_(IDS))
)
_OF: Final = (
    select(QuizAttempt, Quiz)
    .join(Quiz, Quiz.id == QuizAttempt.quiz_id)
    .where(QuizAttempt.id.in_(IDS))
    .order_by(QuizAttempt.id)
)

_Version = aliased(BankQuestion)
_QUESTIONS: Final = (
    select(BankQuestion.first_id)
    .join(QuizQuestion, QuizQuestion.question_id == BankQuestion.id)
    .where(QuizQuestion.quiz_id == QUIZ)
)
_VERSIONS: Final = select(_Version).where(_Version.first_id.in_(_QUESTIONS))
_QUIZZES: Final = (
    select(Quiz.planned_by_id, Quiz.organisation_id)
    .join(QuizQuestion, QuizQuestion.quiz_id == Quiz.id)
    .join(_Version, _Version.id == QuizQuestion.question_id)
    .where(_Version.first_id.in_(_QUESTIONS))
)
"""It, and every other one with one of its questions."""
_POSTS: Final = select(RoleTerm.member_id).where(
    RoleTerm.role.in_(KEEPING),
    RoleTerm.organisation_id.in_(
        union(_VERSIONS.with_only_columns(_Version.bank_id), _QUIZZES.with_only_columns(Quiz.organisation_id))
    ),
    RoleTerm.starts_on <= bindparam("today", type_=Date()),
    or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("since", type_=Date())),
)
_KNOW: Final = union(
    _POSTS.where(RoleTerm.member_id.in_(IDS)),
    _VERSIONS.with_only_columns(_Version.entered_by_id).where(_Version.entered_by_id.in_(IDS)),
    _QUIZZES.with_only_columns(Quiz.planned_by_id).where(Quiz.planned_by_id.in_(IDS)),
)


def post(session: Session, of: Quiz, passes: Collection[QuizAttempt], *, waits: bool = False) -> None:
    """Let each of these people have the quiz as passed once, on the day of the first of these attempts.

    ``waits``: whoever's these are may have read the answers by now, for another reason than those of ``hands``.
    """
    first: dict[UUID, QuizAttempt] = {}
    for attempt in sorted(passes, key=lambda one: (one.corrected_at, one.number)):
        first.setdefault(attempt.member_id, attempt)
    have = {fact.source_id for fact in ledger.facts_of(session, SOURCE, [_name(of, member) for member in first])}
    news = [attempt for member, attempt in first.items() if _name(of, member) not in have]
    people = [attempt.member_id for attempt in news]
    found = session.execute(_REVIEWED, {"quiz": of.id, "ids": people}).all() if people else ()
    know = may_know(session, of, people) | {row.member_id for row in found} | set(people if waits else ())
    heard = {row.member_id for row in found if row.status in (ReviewStatus.PENDING, ReviewStatus.APPROVED)}
    ledger.append(session, [_fact(of, attempt) for attempt in news if attempt.member_id not in know])
    reviews.submit(session, [_review(of, one) for one in news if one.member_id in know - heard])


def waits(session: Session, of: Quiz, member_id: UUID) -> bool:
    """Whether somebody's pass of this quiz waits for an officer, or would."""
    found = session.execute(_REVIEWED, {"quiz": of.id, "ids": [member_id]}).all()
    return bool(found or may_know(session, of, [member_id]))


def _fact(of: Quiz, attempt: QuizAttempt) -> NewFact:
    return NewFact(
        branch_id=attempt.branch_id,
        member_id=attempt.member_id,
        fact_type=FactType.STUDY_QUIZ_PASSED,
        occurred_on=clock.local_day(attempt.corrected_at),
        source=SOURCE,
        source_id=_name(of, attempt.member_id),
        recorded_by_id=attempt.member_id,
        note=of.title,
    )


def _review(of: Quiz, attempt: QuizAttempt) -> NewReview:
    return NewReview(
        id=attempt.id,
        kind=PASSED,
        branch_id=attempt.branch_id,
        member_id=attempt.member_id,
        recorded_by_id=attempt.member_id,
        title=of.title,
        occurred_on=clock.local_day(attempt.corrected_at),
        submitted_at=attempt.received_at,
    )


def _name(of: Quiz, member_id: UUID) -> str:
    return f"{of.id}:{member_id}"


def _facts(session: Session, found: Sequence[Review]) -> Mapping[UUID, FactDraft]:
    return {
        attempt.id: FactDraft(FactType.STUDY_QUIZ_PASSED, clock.local_day(attempt.corrected_at), note=of.title)
        for attempt, of in session.execute(_OF, {"ids": [review.id for review in found]})
    }


def _particulars(session: Session, review_id: UUID) -> Sequence[tuple[LazyText | str, str]]:
    attempt, of = session.execute(_OF, {"ids": [review_id]}).one()
    return [
        (_("Quiz"), of.title),
        (_("When"), f"{formats.moment(of.opens_at)} – {formats.moment(of.closes_at)}"),
        (_("Handed in"), formats.moment(attempt.corrected_at)),
        (
            _("Why it waits"),
            _("Plans quizzes, keeps the bank, wrote a question, or sent this when the answers had been shown."),
        ),
    ]


def _advise(_detail: Mapping[str, Any]) -> Sequence[str]:
    return [_("May have known the keys: confirm it if you know that it was fair.")]


QUIZ_PASSED: Final = ReviewKind(
    name=PASSED,
    label=lazy_gettext("Quiz passed"),
    facts=_facts,
    fact_types=(FactType.STUDY_QUIZ_PASSED,),
    describe=lambda _detail: _("passed"),
    advise=_advise,
    particulars=_particulars,
    is_own_doing=False,
    listed_at="/study/quizzes",
    found_at="/study/quizzes/of/{id}",
)


def may_know(session: Session, of: Quiz, member_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people who may know its keys."""
    asked = {"quiz": of.id, "today": clock.today(), "since": clock.local_day(of.planned_at), "ids": sorted(member_ids)}
    return set(session.scalars(_KNOW, asked)) if member_ids else set()

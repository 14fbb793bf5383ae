"""What is typed about an objection."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.core.forms import Day, FormModel
from app.core.i18n import gettext as _
from app.features.ledger.quantities import parse_hundredths
from app.features.ledger.rules import MATTER_LENGTH, ONE, FactType, shape
from app.features.scores.objections import rules
from app.features.scores.objections.corrections import Correction, SignedWords


def _hundredths(typed: str) -> str:
    parse_hundredths(typed or "1")
    return typed


def _entry(typed: str) -> str:
    kind, _colon, grade = typed.partition(":")
    if typed and (kind not in set(FactType) or grade not in (shape(FactType(kind)).grades or ("",))):
        raise ValueError(_("Please choose one of the options."))
    return typed


class Asked(FormModel):
    """What the form is about, as the way to it says."""

    year: int | None = Field(default=None, ge=2000, le=2199)
    quarter: int | None = Field(default=None, ge=1, le=4)
    rule: str | None = Field(default=None, max_length=4)
    fact: UUID | None = None
    standing: bool = False


class ObjectionForm(FormModel):
    """What is seen differently: a fact that was chosen, a standing, or else one that is missing under a line."""

    id: UUID
    year: int = Field(ge=2000, le=2199)
    quarter: int | None = Field(default=None, ge=1, le=4)
    fact: UUID | None = None
    rule: str | None = Field(default=None, max_length=4)
    matter: rules.Matter | None = None
    day: Day | None = None
    words: str = Field(min_length=2, max_length=rules.WORDS_LENGTH)

    @property
    def about(self) -> rules.About:
        """Of which kind it is."""
        return rules.About.STANDING if self.matter else rules.About.FACT if self.fact else rules.About.MISSING


class AnswerForm(FormModel):
    """The answer with its reasons, and what it corrects."""

    outcome: rules.ObjectionOutcome
    reasons: str = Field(min_length=rules.SHORTEST_REASONS, max_length=rules.REASONS_LENGTH)
    take_back: bool = False
    entry: Annotated[str, AfterValidator(_entry)] = ""
    quantity: Annotated[str, AfterValidator(_hundredths)] = ""
    day: Day | None = None
    matter: str = Field(default="", max_length=MATTER_LENGTH)

    def said(self) -> SignedWords:
        """The answer, and what of it goes into the ledger."""
        kind, _colon, grade = self.entry.partition(":")
        correction = Correction(
            take_back=self.take_back,
            fact_type=FactType(kind) if kind else None,
            grade=grade,
            quantity=parse_hundredths(self.quantity) if self.quantity else ONE,
            day=self.day,
            matter=self.matter,
        )
        return SignedWords(self.outcome, self.reasons, correction)


class StepForm(FormModel):
    """A tap of the member, here or on the page of today."""

    state: rules.Step


class LateForm(FormModel):
    """Whether a late one is taken up, and if not, why."""

    step: rules.Step
    because: str = Field(default="", max_length=rules.REASONS_LENGTH)

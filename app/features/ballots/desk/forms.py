"""What is typed on the committee's side of a review."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.forms import Day, FormModel
from app.features.ballots.life import NUMBER_MOST, WORDS_LENGTH, Measure
from app.features.members.two_people import DOCUMENT_LENGTH, Second

Number = Annotated[int, Field(ge=0, le=NUMBER_MOST)]


class TakersForm(FormModel):
    """Who holds a paper ballot."""

    taker_ids: list[UUID] = Field(default_factory=list)


class CountForm(FormModel):
    """What was counted on paper; the marks stand in fields of their own."""

    returned: Number = 0
    invalid: Number = 0


class GradesForm(FormModel):
    """When the committee met, who was there; the grades stand in fields of their own."""

    graded_on: Day
    sat: list[UUID] = Field(default_factory=list)
    consent: Annotated[str, Field(max_length=DOCUMENT_LENGTH)] | None = None


Shown = Annotated[str, Field(max_length=64)]


class ShownForm(FormModel):
    """What the page showed that is confirmed."""

    seen: Shown | None = None


class SecondForm(ShownForm):
    """What the other one of two says."""

    second: Second


class TellForm(FormModel):
    """When somebody was told, and what people decided to follow on it."""

    told_on: Day
    measure: Measure | None = None
    mend_by: Day | None = None


class OwnForm(FormModel):
    """What somebody says of the own year, if anything."""

    words: Annotated[str, Field(max_length=WORDS_LENGTH)] | None = None

"""What officers type about publishing."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.core.forms import Day, FormModel
from app.features.wishes.models import CHANNEL_LENGTH
from app.features.wishes.publishing.rules import LAST_DAY, SENTENCE_LENGTH

Sentence = Annotated[str, Field(min_length=1, max_length=SENTENCE_LENGTH)]


class When(StrEnum):
    """When a wish goes out."""

    NOW = "now"
    ROUND = "round"


class PublishForm(FormModel):
    """Now, or with the round."""

    when: When = When.NOW


class ReturnForm(FormModel):
    """What is missing."""

    reason: Sentence


class ReferForm(FormModel):
    """Where a wish is in better hands, and the sentence that goes with it."""

    channel: Annotated[str, Field(min_length=1, max_length=CHANNEL_LENGTH)]
    sentence: Sentence


class LaterForm(FormModel):
    """Into the next round, perhaps with a later day on which it still helps."""

    wanted_by: Day | None = None


class DayForm(FormModel):
    """The day of the month on which a branch publishes; empty means: whenever an officer does."""

    day: Annotated[int, Field(ge=1, le=LAST_DAY)] | None = None

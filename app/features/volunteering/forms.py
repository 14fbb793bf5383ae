"""What is typed into the form of volunteering, and what phones send for it."""

from typing import Annotated

from pydantic import Field

from app.features.records.views import RecordForm
from app.features.sync.items import ChosenDay
from app.features.volunteering.rules import MOST_HALF_DAYS, TITLE_LENGTH

Title = Annotated[str, Field(max_length=TITLE_LENGTH)]
"""May stay empty."""
HalfDays = Annotated[int, Field(ge=1, le=MOST_HALF_DAYS)]
"""Whole half-days: the fact's shape has no others."""


class VolunteeringForm(RecordForm):
    """The form of a record."""

    title: Title = ""
    half_days: HalfDays


class VolunteeringPayload(ChosenDay):
    """The content of a captured ``service.half_day``."""

    title: Title
    half_days: Annotated[HalfDays, Field(strict=True)]

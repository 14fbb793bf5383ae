"""What is typed into the study form, and what phones send for it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.core import texts
from app.features.records.views import RecordForm
from app.features.study.rules import MOST_MINUTES, TAKEAWAY_LENGTH, TITLE_LENGTH, StudyKind
from app.features.sync.items import ChosenDay


def _visible(sent: Any) -> Any:
    return texts.visible(sent) if isinstance(sent, str) else sent


Title = Annotated[str, Field(max_length=TITLE_LENGTH), BeforeValidator(_visible)]
"""May stay empty: the kind then says what it was (no form asks for words, red line 4)."""
Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES)]
Takeaway = Annotated[str, Field(max_length=TAKEAWAY_LENGTH), BeforeValidator(_visible)]


class StudyForm(RecordForm):
    """The form of a study record."""

    kind: StudyKind
    title: Title = ""
    minutes: Minutes
    takeaway: Takeaway | None = None


class StudyPayload(ChosenDay):
    """The content of a captured ``study.record``."""

    title: Title
    minutes: Annotated[Minutes, Field(strict=True)]
    takeaway: Takeaway | None = None
    kind: StudyKind = StudyKind.SELF_STUDY

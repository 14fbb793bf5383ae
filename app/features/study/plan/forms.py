"""What is typed into the forms of a plan."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

from pydantic import Field, create_model

from app.core.forms import FormModel
from app.features.records.rules import TITLE_LENGTH
from app.features.study.plan.rules import ROWS, SPEAKER_LENGTH, Expected, NewItem
from app.features.study.rules import StudyKind


class ItemForm(FormModel):
    """One item, with what is read for it."""

    title: Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH)]
    kind: StudyKind
    event_id: UUID | None = None
    speaker: Annotated[str, Field(max_length=SPEAKER_LENGTH)] = ""
    expected: Expected = Expected.ALL
    materials: list[UUID] = Field(default_factory=list)


class BringForm(FormModel):
    """Which items are taken over."""

    ids: list[UUID] = Field(default_factory=list)


class SeveralForm(FormModel):
    """The form for several items; its id is made with the page, so that sending it twice is once."""

    id: UUID


_ROW: Final[dict[str, Any]] = {
    "title": (Annotated[str, Field(max_length=TITLE_LENGTH)], ""),
    "kind": (StudyKind, StudyKind.SELF_STUDY),
    "event_id": (UUID | None, None),
}
ItemsForm: Final[type[SeveralForm]] = create_model(
    "ItemsForm",
    __base__=SeveralForm,
    **{f"{name}_{row}": field for row in range(1, ROWS + 1) for name, field in _ROW.items()},
)
"""Several items on one form, each in fields of its own; a row without a title is none."""


def news_of(form: SeveralForm) -> Mapping[UUID, NewItem]:
    """The rows of the form that have a title, each by an id that follows from the form's."""
    typed = form.model_dump()
    return {
        uuid5(form.id, str(row)): NewItem(**{name: typed[f"{name}_{row}"] for name in _ROW})
        for row in range(1, ROWS + 1)
        if typed[f"title_{row}"]
    }

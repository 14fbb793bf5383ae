"""A kind of record in one value: what it says of itself. What is done with it stands in ``service.py``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.core.rows import AnyRow
from app.features.ledger.rules import FactType
from app.features.records.forms import RecordForm, form_model
from app.features.records.models import Recorded
from app.features.records.queries import Lists
from app.features.records.rules import C, NewRecord
from app.features.reviews.kinds import FactDraft


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field in words."""

    label: LazyText
    """What it is called on the screen, and in the sentence that says that it is wrong."""
    column: LazyText | None = None
    """What it is called in own data, if otherwise: a bare number with its unit."""
    text: Callable[[Any], str] = str
    """How its value is said; a ``Word`` says itself."""


@dataclass(frozen=True, kw_only=True)
class RecordKind(Generic[C]):
    """A kind of record of a day: what follows from it for the house is in ``announced.py``."""

    name: str
    """Of its reviews and of what phones send; also the source of its facts."""
    room: str
    """The first word of its addresses, letters alone; the folder of its templates and its part of the capture page."""
    label: LazyText
    icon: str
    """One of ``web/icons/icons.svg``."""
    model: type[Recorded]
    content: type[C]
    fields: Mapping[str, FieldWords]
    """The title and the own columns in words, in the order in which an officer and own data read them."""
    line: Sequence[str]
    """The fields that make the line under the title: the only ones that the review keeps too (``Review.detail``). A
    record without a title is called by the choice of the first one, or by its ``label`` where that is none."""
    returned: LazyText
    """What a phone says of one that an officer gave back: where it is corrected."""
    fact: Callable[[AnyRow], FactDraft]
    """What an approved one brings."""
    fact_types: Sequence[FactType]
    """The types of these facts, first what they are when all goes well."""
    found_when_stored: Callable[[Session, Sequence[NewRecord[C]]], Mapping[UUID, Mapping[str, Any]]] = (
        lambda session, news: {}
    )
    """Columns that nobody says, of each of these: what is found out when they are stored."""

    @property
    def home(self) -> str:
        """The address of the own list."""
        return f"/{self.room}"

    @cached_property
    def lists(self) -> Lists:
        """What is read of it."""
        return Lists(self.model)

    @cached_property
    def form(self) -> type[RecordForm]:
        """What is typed."""
        return form_model(self.content)

    @property
    def untitled(self) -> LazyText | None:
        """What one without a title is called; ``None``: after the choice of the first field of its ``line``."""
        return None if self.line[0] in self.content.choices() else self.label

    def describe(self, detail: Mapping[str, Any]) -> str:
        """The line under the title, for the member too: ``Self-study · 30 minutes``."""
        return " · ".join(self._text(name, detail[name]) for name in self.line)

    def about(self, row: AnyRow) -> str:
        """``describe`` of what is stored."""
        return self.describe({name: getattr(row, name) for name in self.line})

    def in_list(self, row: AnyRow) -> str:
        """The same in the own list, less what the title has said."""
        return self.about(row).removeprefix(f"{row.title} · ")

    def told(self, row: AnyRow) -> list[tuple[LazyText | str, str]]:
        """All that it says beside the title, as pairs of label and text."""
        return [
            (said.label, self._text(name, value))
            for name, said in self.fields.items()
            if name != "title" and (value := getattr(row, name)) is not None
        ]

    def _text(self, name: str, value: Any) -> str:
        choice = self.content.choices().get(name)
        return str(choice(value).label) if choice else self.fields[name].text(value)

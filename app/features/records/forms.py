"""What is typed into the form of a record, and what phones send for it: both follow from its ``Content``."""

from datetime import date
from types import NoneType
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Strict, create_model

from app.core.forms import FormModel
from app.features.records.rules import Content, Title, types_of
from app.features.sync.items import ChosenDay


class RecordForm(FormModel):
    """The form of a record. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    day: date
    member_id: UUID | None = None
    """For whom an officer records it."""
    corrects_id: UUID | None = None


class RecordPayload(ChosenDay):
    """What every phone sends of a record."""

    title: Title


def form_model(content: type[Content]) -> type[RecordForm]:
    """The form in which people say this ``content``."""
    bases: tuple[type[Any], ...] = (content, RecordForm)
    return create_model(f"{content.__name__}Form", __base__=bases)


def payload_model(content: type[Content], **otherwise: Any) -> type[RecordPayload]:
    """This ``content`` as phones send it: the title always, and numbers as numbers.

    ``otherwise`` are fields (type and default) that phones may leave out.
    """
    numbers: dict[str, Any] = {
        name: (Annotated[(int, *field.metadata, Strict())], ... if field.is_required() else field.default)
        for name, field in content.model_fields.items()
        if field.annotation is int
    }
    bases: tuple[type[Any], ...] = (RecordPayload, content)
    return create_model(f"{content.__name__}Payload", __base__=bases, **(numbers | otherwise))


def fields_of(payload: type[BaseModel]) -> str:
    """Its fields as ``data-fields`` says them (``capture-form.js``): ``title minutes:number takeaway?``."""
    said = []
    for name, field in payload.model_fields.items():
        if name not in ChosenDay.model_fields:
            types = types_of(field.annotation)
            said.append(f"{name}{'?' * (NoneType in types)}{':number' * (int in types)}")
    return " ".join(said)


def texts_of(content: type[Content]) -> str:
    """Those of its fields that are written, as ``data-clear`` says them: empty again after each record."""
    return " ".join(name for name, field in content.model_fields.items() if str in types_of(field.annotation))

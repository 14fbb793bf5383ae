"""What people type. A form that does not parse comes back as it was, with a sentence at each field."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from app.core import clock, formats, ids, texts
from app.core.errors import AppError, BadInputError, TooLargeError
from app.core.i18n import gettext as _
from app.core.routing import ask_door

MAX_FIELDS = 2_000
"""Fields of one form; a queue of some hundred ticked rows fits."""
SMALL_FORM_BYTES: Final = 64 * 1024
"""What a form for everybody may weigh: several times its fields, each full of signs of four bytes in ``%`` writing."""
SMALL_FORM_FIELDS: Final = 40


@asynccontextmanager
async def _posted_form(request: Request, receive: Receive, **limits: int) -> AsyncIterator[FormData]:
    try:
        form = await Request(request.scope, receive).form(**limits)
    except (ClientDisconnect, UnicodeError):
        raise BadInputError from None  # nobody hears it: cut off while sending, or in an encoding that no browser sends
    try:
        yield form
    finally:
        await form.close()


async def _read_form(request: Request) -> AsyncIterator[FormData]:
    async with _posted_form(request, _of_somebody_known(request), max_files=20, max_fields=MAX_FIELDS) as form:
        yield form


async def _read_small_form(request: Request) -> AsyncIterator[FormData]:
    """The form of somebody who has no account: so much is typed by nobody, and no file is taken."""
    async with _posted_form(request, _small(request), max_files=0, max_fields=SMALL_FORM_FIELDS) as form:
        yield form


def _small(request: Request) -> Receive:
    """What arrives of ``request``.

    Once it is, or says that it will be, more than ``SMALL_FORM_BYTES``, it is refused and the rest of it is not read.
    """
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        if _declared(request) <= SMALL_FORM_BYTES:
            message = await request.receive()
            received += len(message.get("body", b""))
            if received <= SMALL_FORM_BYTES:
                return message
        raise TooLargeError

    return receive_some


def _of_somebody_known(request: Request) -> Receive:
    """What arrives of ``request``; more than ``SMALL_FORM_BYTES`` only of somebody whom the route's door lets in.

    A small form is not worth the question: the unit of work asks it anyway.
    """
    received, asked = _declared(request), False

    async def receive_some() -> Message:
        nonlocal received, asked
        if received > SMALL_FORM_BYTES and not asked:
            asked = True
            await ask_door(request)
        message = await request.receive()
        received += len(message.get("body", b""))
        return message

    return receive_some


def _declared(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Posted:
    """What a program has posted, as it came, and when: before it waited for a thread or the database."""

    content: bytes
    received_at: datetime


async def _read_body(request: Request) -> Posted:
    request.state.wants_json = True
    received_at = clock.now()
    try:
        return Posted(await Request(request.scope, _of_somebody_known(request)).body(), received_at)
    except ClientDisconnect:
        raise BadInputError from None  # nobody hears it: the phone was cut off while it was sending


RawForm = Annotated[FormData, Depends(_read_form)]
"""The posted form as it came, read before the endpoint's thread starts; a large one once its door has let it in."""

SmallForm = Annotated[FormData, Depends(_read_small_form)]
"""The same for a form that everybody may send without an account: small, and without files."""

RawBody = Annotated[Posted, Depends(_read_body)]
"""The body of a request that is no form, read before the endpoint's thread starts. Whoever sends no form reads no
page: every refusal is JSON then."""


NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
EARLIEST_DAY: Final = date(1900, 1, 1)
LATEST_DAY: Final = date(2199, 12, 31)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def _written(typed: object) -> object:
    """Let no text pass that merely can be taken for a day, such as the seconds since 1970 or a moment."""
    if isinstance(typed, str) and not _DAY.fullmatch(typed.strip()):
        raise PydanticCustomError("date_parsing", "not written as a day")
    return typed


Day = Annotated[date, BeforeValidator(_written), Field(ge=EARLIEST_DAY, le=LATEST_DAY)]
"""A day that can be meant. At the ends of the calendar there is no day before, and none in another time zone."""


class FormModel(BaseModel):
    """The parent of all forms: text is stripped, unknown fields are ignored (an old page may send them)."""

    model_config = {"str_strip_whitespace": True, "extra": "ignore"}


T = TypeVar("T", bound=FormModel)


@dataclass(frozen=True)
class Form(Generic[T]):
    """A form on its way: what was typed, what it means if it can be read, and what is wrong where."""

    raw: Mapping[str, str] = field(default_factory=dict)
    value: T | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def typed(self, name: str, default: object = "") -> str:
        """What stands in field ``name``: as typed, else ``default``."""
        if name in self.raw:
            return self.raw[name]
        return "" if default is None else str(default)

    def with_errors(self, **errors: str) -> "Form[T]":
        """The same form with sentences at more fields (rules a model cannot know)."""
        return Form(raw=self.raw, value=None, errors={**self.errors, **errors})

    def refused(self, error: AppError, at: str | None = None) -> "Form[T]":
        """The same form with the sentence of a refusal at field ``at``, or at the one the refusal names."""
        return self.with_errors(**{at or error.field: error.sentence})


def parse(model: type[T], raw: FormData, *, known: Mapping[str, object] = NOTHING) -> Form[T]:
    """Read ``raw`` as ``model``; nothing typed is lost either way. Empty fields count as absent.

    ``known`` is what stands in the fields already; a model finds it in the context of its validators, and may let
    pass what nobody has changed.
    """
    typed: dict[str, str] = {}
    given: dict[str, Any] = {}
    for name in raw:
        values = [texts.visible(value) for value in raw.getlist(name) if not isinstance(value, UploadFile)]
        if not values:
            continue
        typed[name] = values[0]
        wants_list = name in model.model_fields and _is_list(model, name)
        if wants_list:
            given[name] = values
        elif values[0].strip():
            given[name] = values[0]
    try:
        return Form(raw=typed, value=model.model_validate(given, context=known))
    except ValidationError as invalid:
        return Form(raw=typed, errors={_field(error): _sentence(error) for error in reversed(invalid.errors())})


def id_of(form: Form[Any] | None) -> UUID:
    """What a form names the thing that it makes: as it came, so that sending it twice is once, else a new id."""
    return (ids.read(form.typed("id")) if form else None) or ids.new_id()


def carried(model: type[FormModel], raw: FormData) -> frozenset[str]:
    """The fields of ``model`` that the form carried: what did not come is not empty, it stays as it is.

    A box that is not ticked is never sent, so all boxes count as soon as another field of the form came.
    """
    came = raw.keys() & model.model_fields.keys()
    boxes = {name for name, field in model.model_fields.items() if field.annotation is bool}
    return frozenset(came | boxes if came else ())


def sent(model: type[T], raw: FormData) -> T:
    """What a button and its hidden fields say: nothing in it was typed, so there is nothing to give back.

    Raises:
        BadInputError: it cannot be read as ``model``.
    """
    form = parse(model, raw)
    if form.value is None:
        raise BadInputError(next(iter(form.errors.values())))
    return form.value


def upload(raw: FormData, name: str) -> UploadFile | None:
    """The file in field ``name``, or ``None`` when nobody chose one."""
    value = raw.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


def _is_list(model: type[FormModel], name: str) -> bool:
    annotation = model.model_fields[name].annotation
    return getattr(annotation, "__origin__", None) in (list, tuple, set, frozenset)


def _field(error: Mapping[str, Any]) -> str:
    return str(error["loc"][0]) if error["loc"] else "form"


def _at_least(least: object) -> str:
    if least == repr(EARLIEST_DAY):
        return _("Please write a day from %(day)s on.") % {"day": formats.partial_date(EARLIEST_DAY.isoformat())}
    return _("This must be at least %(n)s.") % {"n": least}


def _at_most(most: object) -> str:
    if most == repr(LATEST_DAY):
        return _("Please write a day until %(day)s.") % {"day": formats.partial_date(LATEST_DAY.isoformat())}
    return _("This must be at most %(n)s.") % {"n": most}


def _sentence(error: Mapping[str, Any]) -> str:
    """Pydantic's machine words as a sentence for the person."""
    limits: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _("Please fill this in.")
        case "string_too_short":
            return _("Please write at least %(n)s characters.") % {"n": limits["min_length"]}
        case "string_too_long":
            return _("This is too long: at most %(n)s characters.") % {"n": limits["max_length"]}
        case "too_short":
            return _("Please choose at least one.")
        case "greater_than_equal":
            return _at_least(limits["ge"])
        case "less_than_equal":
            return _at_most(limits["le"])
        case "int_parsing" | "int_from_float" | "float_parsing" | "decimal_parsing":
            return _("Please write a number here.")
        case "enum" | "literal_error":
            return _("Please choose one of the options.")
        case "value_error":
            return str(limits["error"])
        case kind if kind.startswith("date"):
            return _("Please write a day like 2026-11-22.")
        case _:
            return _("This could not be read. Please check it.")

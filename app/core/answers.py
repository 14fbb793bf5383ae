"""One way to answer a form: read it, do what it asks for, and show the page anew or with what is wrong.

Every action is a plain form first. What a person typed is never lost, a refusal never commits half a change, and
htmx gets the same page as everybody, only less of it (docs/decisions/0022).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import forms, pages
from app.core.errors import AppError, NotFoundError, NotSignedInError, UnavailableError
from app.core.forms import NOTHING, Form, FormModel
from app.core.messages import Undo

F = TypeVar("F", bound=FormModel)
NOT_OF_THE_FORM = (NotFoundError, NotSignedInError, UnavailableError)
"""Refusals that no typing can mend: they are pages of their own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a page is drawn: as it is, or after one of its forms was sent."""

    status: int = 200
    forms: Mapping[str, Form[Any]] = field(default_factory=dict)
    """What was typed and cannot be done, by the name of its form on the page."""
    refusal: str | None = None
    """Why it cannot be done, where no field is to blame. The form says it too (``errors["form"]``); a page on which the
    form may be gone by now says it here."""
    message: str | None = None
    """What was done."""
    undo: Undo | None = None
    """How it is taken back."""

    @property
    def form(self) -> Form[Any] | None:
        """What was typed, on a page with one form."""
        return next(iter(self.forms.values()), None)

    def drawn(
        self, request: Request, template: str, *, block: str | None = None, message: str | None = None, **context: Any
    ) -> Response:
        """The page ``template`` with what was typed, done or refused: it has ``form``, ``forms`` and ``refusal``."""
        said: dict[str, Any] = {"form": self.form, "forms": self.forms, "refusal": self.refusal} | context
        message = message or self.message
        return pages.render(request, template, block=block, status=self.status, message=message, undo=self.undo, **said)


AS_IT_IS = Answer()
Page = Callable[[Answer], Response]
"""Draws the page on which a form stands."""


class Done(NamedTuple):
    """What was done, and the page to leave for: the form is not shown again."""

    to: str
    message: str | None = None
    undo: Undo | None = None


def act(
    request: Request,
    session: Session | None,
    raw: FormData,
    model: type[F],
    do: Callable[[F], str | Done | Response],
    *,
    page: Page,
    to: str = "",
    at: str = "form",
    known: Mapping[str, object] = NOTHING,
) -> Response:
    """Do what a form asks for; ``do`` says what was done.

    Args:
        request: the request that brought the form.
        session: its unit of work, or ``None`` where ``do`` and ``page`` open units of their own.
        raw: the form as it came.
        model: what it is read as; what cannot be read comes back with a sentence at each field (422).
        do: changes things, or refuses by raising; whatever it had changed by then is undone. It says what was done:
            the same page is shown then, or, with ``Done``, another one. It may give the answer itself, where that
            stands in no address: a receipt, an opened contact.
        page: draws the page again: with what was typed, or anew for htmx.
        to: the address of that page, for a form that was not sent by htmx.
        at: the form's name on a page with several.
        known: see ``forms.parse``.
    """
    form = forms.parse(model, raw, known=known)
    if form.value is None:
        return page(Answer(422, {at: form}))
    try:
        if session is None:
            done = do(form.value)
        else:
            with session.begin_nested():
                done = do(form.value)
    except NOT_OF_THE_FORM:
        raise
    except AppError as error:
        return page(_refused(error, form, {*model.model_fields, *raw}, at))
    if isinstance(done, Response):
        return done
    if isinstance(done, Done):
        return pages.go(request, done.to, message=done.message, undo=done.undo)
    return shown(request, done, page=page, to=to)


@dataclass(frozen=True, slots=True)
class OnPage:
    """A page with its forms, for one request: each of them is answered on it."""

    request: Request
    session: Session
    draw: Page
    to: str
    """Its address."""

    def act(self, raw: FormData, model: type[F], do: Callable[[F], str | Done | Response], *, at: str) -> Response:
        """Do what its form ``at`` asks for; see ``act``."""
        return act(self.request, self.session, raw, model, do, page=self.draw, to=self.to, at=at)

    def shown(self, message: str, *, undo: Undo | None = None) -> Response:
        """The page anew after something was done on it; see ``shown``."""
        return shown(self.request, message, page=self.draw, to=self.to, undo=undo)


def shown(request: Request, message: str | None, *, page: Page, to: str, undo: Undo | None = None) -> Response:
    """The page anew after something was done on it: as a fragment for htmx, else where a reload is safe."""
    if pages.wants_fragment(request):
        return page(Answer(message=message, undo=undo))
    return pages.see_other(to, message=message, undo=undo)


def _refused(error: AppError, form: Form[F], fields: Collection[str], at: str) -> Answer:
    """A refusal stands at the field it names; one that names none stands over the form, or over the page."""
    if error.field in fields:
        return Answer(error.status, {at: form.refused(error)})
    return Answer(error.status, {at: form.refused(error, "form")}, refusal=error.sentence)

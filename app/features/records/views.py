"""What the pages of every kind of record show: the own list, and the form with what it corrects and for whom it is."""

from contextlib import suppress
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, ids, keyset
from app.core.answers import Answer
from app.core.forms import Form
from app.core.ids import new_id
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.queries import PAGE, Lists
from app.features.records.rules import TITLE_LENGTH, earliest_day
from app.features.records.service import people
from app.features.reviews.errors import NotCorrectableError
from app.features.reviews.rules import Flag, ReviewStatus


def own_lists(session: Session, actor: Actor, lists: Lists, *, before: str, month: str, typed: str) -> dict[str, Any]:
    """A page of the actor's own records by month, and what the actor entered for others and nobody decided yet.

    ``month`` (such as 2026-03, else all) and ``typed``, a part of the titles, narrow both ``months`` and ``older``.
    """
    only = _first_of(month)
    rows = lists.newest(session, actor, before=keyset.read(before, date), month=only, typed=typed.strip())
    shown, older = rows[:PAGE], None
    months = groupby(shown, key=lambda row: row.occurred_on.replace(day=1))
    if len(rows) > len(shown):
        end = keyset.end_of(shown[-1].occurred_on, shown[-1].id)
        older = "?" + urlencode({"month": month, "q": typed, "before": end})
    return {
        "months": [(first, list(same)) for first, same in months],
        "entered": lists.entered(session, actor) if actor.may(Permission.RECORD_FOR_OTHERS) else (),
        "older": older,
        "only": only,
        "typed": typed,
        "flag_named": Flag,
    }


def _first_of(month: str) -> date | None:
    """Its first day; nothing where somebody has changed the address."""
    with suppress(ValueError):
        return date.fromisoformat(f"{month}-01")
    return None


def form_context(
    session: Session, actor: Actor, lists: Lists, answer: Answer, *, corrects_id: UUID | None, for_other: bool
) -> dict[str, Any]:
    """The form as it was typed, with an id of its own: what was refused under the old one may be sent under a new.

    Raises:
        NotCorrectableError: ``corrects_id`` was not returned, or is corrected already.
        NotFoundError: it is not the actor's, or the actor records for nobody else.
    """
    form = answer.form or Form[Any]()
    corrects_id = corrects_id or ids.read(form.typed("corrects_id"))
    corrected = lists.card(session, actor, corrects_id) if corrects_id else None
    if corrected and answer.form is None and (corrected.status is not ReviewStatus.RETURNED or corrected.is_corrected):
        raise NotCorrectableError
    return {
        "form": answer.form,
        "id": new_id() if answer.status != 422 else ids.read(form.typed("id")) or new_id(),
        "corrected": corrected,
        "people": people(session, actor) if for_other or form.typed("member_id") else None,
        **limits(),
    }


def limits() -> dict[str, Any]:
    """What the fields of every record keep to."""
    today = clock.today()
    return {"today": today, "earliest": earliest_day(today), "title_length": TITLE_LENGTH}

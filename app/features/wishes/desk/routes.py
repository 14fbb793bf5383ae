"""The desk of wishes, the page of one wish on it, what the leading branch decides and what a wisher may ask for."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session

from app.core import clock, formats, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.private.rules import NAME_LENGTH
from app.features.sign_in.door import require, require_recent
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.rules import MOST_SEARCHED
from app.features.wishes.desk import queries, service, view
from app.features.wishes.desk.queries import DeskCard
from app.features.wishes.desk.rules import LAST_DAY
from app.features.wishes.models import CHANNEL_LENGTH
from app.features.wishes.pages import AnswersForWishes, desk_page, on_desk
from app.features.wishes.rules import NOTE_LENGTH

router = Router(prefix="/wishes/desk")
DESK: Final = "wishes/desk.html"
FOUND: Final = "wishes/desk_found.html"
OVER: Final = "wishes/desk_over.html"
KEPT_DATA: Final = "wishes/held.html"
SureAtTheDesk = Annotated[Actor, require_recent(Permission.COLLECT_WISHES, Permission.APPROVE)]
Officer = Annotated[Actor, require(Permission.APPROVE)]
"""The service lets only officers of the branch pass that leads in the wish's community."""
Sentence = Annotated[str, Field(min_length=1, max_length=NOTE_LENGTH)]


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


class FindForm(FormModel):
    """Who calls: part of a name, or the last digits of a number. Whatever is wrong with it is said without it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    asked: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]


class DayForm(FormModel):
    """The day of the month on which a branch publishes; empty means: whenever an officer does."""

    day: Annotated[int, Field(ge=1, le=LAST_DAY)] | None = None


@router.get("")
def desk(request: Request, session: DbSession, actor: AnswersForWishes) -> Response:
    """What is to be done for the communities the actor answers for."""
    return _desk(request, session, actor)


@router.post("/find")
def find(request: Request, session: DbSession, actor: SureAtTheDesk, raw: RawForm) -> Response:
    """The wish of whoever calls: it stands in no address, and each find is noted like a look at the contact."""

    def search(form: FindForm) -> Response:
        seen = contacts.find(session, actor, asked=form.asked)
        return _found(request, queries.some(session, actor, seen.ids), asked=form.asked, seen=seen)

    return act(request, session, raw, FindForm, search, page=partial(_found, request, None))


@router.get("/over")
def over(request: Request, session: DbSession, actor: AnswersForWishes) -> Response:
    """The last wishes that came to their end."""
    return pages.render(request, OVER, **view.over(session, actor))


@router.get("/{wish_id:uuid}")
def wish(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """One wish, and what can be done about it."""
    return desk_page(request, session, actor, wish_id)


@router.post("/day")
def set_day(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Choose the day of the month on which the branch publishes."""

    def choose(form: DayForm) -> Done:
        service.set_day(session, actor, day=form.day)
        return Done("/wishes/desk", _("Saved."))

    return act(request, session, raw, DayForm, choose, page=partial(_desk, request, session, actor))


@router.post("/{wish_id:uuid}/return")
def return_to_collector(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """Back to the collector, with what is missing."""

    def give_back(form: ReturnForm) -> str:
        service.return_to_collector(session, actor, wish_id=wish_id, reason=form.reason)
        return _("Returned to the collector.")

    return on_desk(request, session, actor, wish_id).act(raw, ReturnForm, give_back, at="returning")


@router.post("/{wish_id:uuid}/refer")
def refer(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """To a channel where the wish is in better hands."""

    def pass_on(form: ReferForm) -> str:
        service.refer(session, actor, wish_id=wish_id, channel=form.channel, sentence=form.sentence)
        return _("Referred. The collector tells the wisher.")

    return on_desk(request, session, actor, wish_id).act(raw, ReferForm, pass_on, at="referring")


@router.post("/{wish_id:uuid}/publish")
def publish(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """Out to the members, now or with the round."""

    def bring_out(form: PublishForm) -> str:
        if form.when is When.ROUND:
            due_on = service.publish_in_round(session, actor, wish_id=wish_id)
            return _("Goes out on %(day)s.") % {"day": formats.short_day(due_on)}
        service.publish(session, actor, wish_id=wish_id)
        return _("It is on the board now.")

    return on_desk(request, session, actor, wish_id).act(raw, PublishForm, bring_out, at="publishing")


@router.post("/{wish_id:uuid}/wait")
def take_out_of_round(request: Request, session: DbSession, actor: Officer, wish_id: UUID) -> Response:
    """Not with the next round after all."""
    service.take_out_of_round(session, actor, wish_id=wish_id)
    return on_desk(request, session, actor, wish_id).shown(_("It waits."))


@router.post("/{wish_id:uuid}/later")
def put_off(request: Request, session: DbSession, actor: Officer, wish_id: UUID, raw: RawForm) -> Response:
    """Into the next round, where it goes first."""

    def wait(form: LaterForm) -> str:
        service.put_off(session, actor, wish_id=wish_id, wanted_by=form.wanted_by)
        return _("It goes first in the next round.")

    return on_desk(request, session, actor, wish_id).act(raw, LaterForm, wait, at="later")


@router.post("/{wish_id:uuid}/withdraw")
def withdraw(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm) -> Response:
    """The wisher takes the wish back; the contact is gone at once."""

    def take_back(_form: FormModel) -> str:
        service.withdraw(session, actor, wish_id=wish_id)
        return _("Taken back. The contact is erased.")

    return on_desk(request, session, actor, wish_id).act(raw, FormModel, take_back, at="rights")


@router.post("/{wish_id:uuid}/erase-contact")
def erase_contact(
    request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm
) -> Response:
    """The contact goes before its time."""

    def erase(_form: FormModel) -> str:
        service.erase_contact(session, actor, wish_id=wish_id)
        return _("The contact is erased.")

    return on_desk(request, session, actor, wish_id).act(raw, FormModel, erase, at="rights")


@router.post("/{wish_id:uuid}/held")
def kept_data(request: Request, session: DbSession, actor: SureAtTheDesk, wish_id: UUID) -> Response:
    """The sheet for the wisher: everything that is kept, and who looked. Making it is a look like any other."""
    contact = service.look_for_sheet(session, actor, wish_id=wish_id)
    return pages.render(request, KEPT_DATA, contact=contact, **view.kept_data(session, actor, wish_id))


def _found(
    request: Request,
    rows: Sequence[DeskCard] | None,
    answer: Answer = AS_IT_IS,
    *,
    asked: str = "",
    seen: contacts.SearchResult | None = None,
) -> Response:
    return answer.drawn(
        request,
        FOUND,
        rows=rows,
        asked=asked,
        seen=seen,
        most_searched=MOST_SEARCHED,
        longest=NAME_LENGTH,
        today=clock.today(),
    )


def _desk(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(request, DESK, **view.desk(session, actor, answer))

"""The page on which a private address is made, renewed and ended, and what calendar programs read under it."""

from functools import partial
from typing import Annotated, Final

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, pages, public_pages
from app.core.errors import NotFoundError, TooManyRequestsError
from app.core.forms import FormModel, RawForm, sent
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.pace import Pace
from app.core.routing import DbSession, Nobody, Router
from app.core.visitors import network_of
from app.features.meetings.feed import service
from app.features.meetings.feed.ics import calendar_of
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require_recent
from app.features.sign_in.tokens import digest, new_token

PAGE: Final = "/me/calendar"
router = Router()
SureMe = Annotated[Actor, require_recent(Permission.BE_MEMBER)]
"""Somebody else with the phone in the hand takes no address along."""
READS: Final = 60
"""Of one address in an hour and process; programs ask a few times a day."""
STRANGE: Final = 300
"""Unknown addresses from one network: an office behind one address whose people have renewed theirs."""


class TooOftenError(TooManyRequestsError):
    code = "calendar_too_often"
    message = lazy_gettext("This calendar is read too often. Please ask again in an hour.")


_pace: Final = Pace(TooOftenError)


class DueForm(FormModel):
    """Whether more than meetings is wanted."""

    with_due: bool


class FeedForm(FormModel):
    """The secret was made with the page: sent twice it is one address."""

    token: Annotated[str, Field(pattern=r"^[\w-]{43}$")]


@router.get(PAGE)
def page(request: Request, session: DbSession, actor: SureMe) -> Response:
    """Whether there is an address, and what it is good for. The address itself is shown once, when it is made."""
    return _page(request, session, actor)


@router.post(PAGE)
def renew(request: Request, session: DbSession, actor: SureMe, raw: RawForm) -> Response:
    """Make an address, or a new one in place of the old. It stands in this answer alone."""
    token = sent(FeedForm, raw).token
    service.renew(session, actor, token=token)
    return _page(request, session, actor, token=token)


@router.post(f"{PAGE}/end")
def end(request: Request, session: DbSession, actor: SureMe) -> Response:
    """Switch it off: the address leads nowhere from now on."""
    service.end(session, actor)
    return pages.go(request, PAGE, message=_("Switched off. The address leads nowhere now."))


@router.post(f"{PAGE}/due")
def choose(request: Request, session: DbSession, actor: SureMe, raw: RawForm) -> Response:
    """Let the days of pledges and duties stand in it as well, or no more."""
    with_due = sent(DueForm, raw).with_due
    service.choose(session, actor, with_due=with_due)
    said = (
        _("The days of your pledges and duties stand in it now.") if with_due else _("Only meetings stand in it now.")
    )
    return pages.go(request, PAGE, message=said)


@router.get("/calendar/{token}.ics")
def read(request: Request, session: DbSession, _door: Nobody, token: str) -> Response:
    """What whoever has the address is expected at; 404 as soon as it is renewed or ended."""
    public_pages.use_language_of_browser(request)
    owner = service.owner(session, token)
    if owner is None:
        _pace.count(f"network {network_of(request)}", STRANGE, clock.now())
        raise NotFoundError
    _pace.count(digest(token), READS, clock.now())
    days = service.due_days(session, owner.member_id) if owner.with_due else ()
    found = service.entries(session, owner.member_id)
    content = calendar_of(found, days, partial(pages.address_outside, request))
    answer = public_pages.answer(request, content, media_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"  # the person's own program may keep it, no one between
    return answer


def _page(request: Request, session: Session, actor: Actor, *, token: str = "") -> Response:
    address = pages.address_outside(request, f"/calendar/{token}.ics") if token else ""
    feed = service.feed_of(session, actor)
    return pages.render(
        request,
        "meetings/feed.html",
        block="feed",
        made_at=feed.made_at if feed else None,
        with_due=feed is not None and feed.with_due,
        address=address,
        token=new_token(),
    )

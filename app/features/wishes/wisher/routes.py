"""The slip to print, and the page behind its picture."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import pages
from app.core.i18n import gettext as _
from app.core.qr import qr_picture
from app.core.routing import DbSession, Nobody, Router, Units
from app.core.visitors import network_of
from app.features.members.queries import AnyRow
from app.features.wishes import queries as wishes
from app.features.wishes.carrying import slips
from app.features.wishes.carrying.rules import REVISIT_FROM, readable
from app.features.wishes.pages import AnswersForWishes
from app.features.wishes.rules import LIFE, Step
from app.features.wishes.stories import service as stories
from app.features.wishes.wisher import service

SLIP: Final = "wishes/slip.html"
WISHER: Final = "wishes/wisher.html"
router = Router()


@router.post("/wishes/{wish_id:uuid}/slip")
def slip(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """The slip itself, because its code is nowhere else: a reload makes a new one."""
    issued = slips.issue_slip(session, actor, wish_id=wish_id)
    return pages.render(
        request,
        SLIP,
        wish=wishes.wish(session, actor, wish_id),
        picture=qr_picture(pages.address_outside(request, f"/w/{issued.token}")),
        code=readable(issued.code),
    )


@router.get("/w/{token}")
def wisher(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """What the wisher sees, without an account: what was wished, and whether it came."""
    return _page(request, token, _behind(request, units, token))


@router.post("/w/{token}/arrived")
def arrived(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """It has come."""
    return _said(request, units, token, service.confirm_by_link)


@router.post("/w/{token}/not-yet")
def not_arrived(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """It has not come."""
    return _said(request, units, token, service.not_yet_by_link)


@router.post("/w/{token}/story-down")
def take_story_down(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """The wisher no longer likes the story to be read: it is erased at once."""
    wish = _behind(request, units, token)
    with units.write() as session:
        stories.take_down(session, wish_id=wish.wish_id, by_id=None)
    return pages.see_other(f"/w/{token}", message=_("The story is taken down and erased."))


@router.post("/w/{token}/withdraw")
def withdraw(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """The wisher wants it no more. The link is good for nothing then, so the answer is the last page it shows."""
    found = _behind(request, units, token)
    if not service.said(units, service.withdraw_by_link, token=token):
        return _page(request, token, _behind(request, units, token), status=409)
    return _page(request, token, found, is_taken_back=True)


def _said(request: Request, units: Units, token: str, say: Callable[..., object]) -> Response:
    """Say it, and show where the wish stands now: also to whoever says it a second time."""
    _behind(request, units, token)
    if not service.said(units, say, token=token):
        return _page(request, token, _behind(request, units, token), status=409)
    return pages.see_other(f"/w/{token}", message=_("Thank you for telling us."))


def _behind(request: Request, units: Units, token: str) -> AnyRow:
    return service.behind_link(units, token=token, network=network_of(request))


def _page(request: Request, token: str, wish: AnyRow, *, status: int = 200, is_taken_back: bool = False) -> Response:
    request.state.is_demo = wish.is_demo
    can_take_back = not is_taken_back and LIFE.may(wish.status, Step.WITHDRAW)
    return pages.render(
        request,
        WISHER,
        status=status,
        wish=wish,
        revisit_after=REVISIT_FROM.days,
        token=token,
        is_taken_back=is_taken_back,
        can_take_back=can_take_back,
    )

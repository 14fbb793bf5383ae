"""The card for everybody: consenting, taking it back, the picture code, and the page itself."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages, photos, public_pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.qr import qr_picture
from app.core.routing import DbSession, Nobody, Router
from app.core.settings import settings
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.cards import consents, rules, service
from app.features.shows.cards import queries as cards
from app.features.shows.cards.forms import ConsentForm
from app.features.shows.cards.rules import PublicField, callable_number
from app.features.shows.pledges import queries as pledges
from app.features.sign_in.door import require, require_recent

router = Router()
CONSENT: Final = "shows/consent.html"
CODE: Final = "shows/code.html"
PUBLIC: Final = "shows/public.html"
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
SureMe = Annotated[Actor, require_recent(Permission.BE_MEMBER)]
"""Somebody else with the member's phone in the hand does not consent in the member's name."""


@router.get("/shows/consent")
def consent_form(request: Request, session: DbSession, actor: SureMe) -> Response:
    """What I would say yes to, piece by piece."""
    return _consent(request, session, actor)


@router.post("/shows/consent")
def give_consent(request: Request, session: DbSession, actor: SureMe, raw: RawForm) -> Response:
    """Yes: the card is public under a new address."""

    def do(form: ConsentForm) -> Done:
        service.give_consent(session, actor, consent_id=form.id, fields=form.field, text_version=form.text_version)
        return Done("/shows/code", _("Your card is public now. This is its picture code."))

    page = partial(_consent, request, session, actor, ticked=raw.getlist("field"))
    return act(request, session, raw, ConsentForm, do, page=page)


@router.get("/shows/code")
def code(request: Request, session: DbSession, actor: Me) -> Response:
    """The picture code, large, for somebody to scan from my phone; without a public card, the page that explains it."""
    consent = consents.consent(session, actor.member_id)
    if consent is None:
        return pages.see_other("/shows/sharing")
    address = pages.address_outside(request, f"/p/{consent.token}")
    return pages.render(request, CODE, name=actor.name, address=address, picture=qr_picture(address))


@router.get("/p/{token}")
def public_card(request: Request, session: DbSession, _door: Nobody, token: str) -> Response:
    """What its owner lets everybody see; gone in the moment of taking back."""
    card, today = consents.card(session, token), clock.today()
    shown = pledges.shown(session, card.face.member_id, today.year) if PublicField.PLEDGES in card.fields else ()
    return public_pages.render(
        request,
        PUBLIC,
        face=card.face,
        token=token,
        year=today.year,
        standing=rules.standing(card.face),
        marks=rules.marks(card.face),
        pledges_shown=shown,
        callable_number=callable_number,
        house=settings(),
    )


@router.get("/p/{token}/photo")
def public_photo(request: Request, session: DbSession, _door: Nobody, token: str) -> Response:
    """The portrait on it; it dies with the consent."""
    return public_pages.answer(request, consents.photo(session, token), media_type=photos.MEDIA_TYPE)


def _consent(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    ticked: Sequence[object] | None = None,
) -> Response:
    """What was typed keeps its id after a slip; what was refused under it may be sent under a new one."""
    form = answer.form or Form[ConsentForm]()
    face, _branch = cards.face(session, actor, actor.member_id, year=clock.today().year)
    said = rules.said(face)
    given = consents.consents(session, actor.member_id)
    before = ticked if ticked is not None else given[0].fields if given else ()
    return answer.drawn(
        request,
        CONSENT,
        form=form,
        id=new_id() if answer.status != 422 else form.typed("id") or new_id(),
        version=rules.CONSENT_VERSION,
        text=rules.CONSENT_TEXT,
        fields=[(field, field.label, said.get(field), field.value in before) for field in PublicField],
        internal_phone=rules.is_internal(face.office_phone),
        standing=next((one for one in given if one.withdrawn_at is None), None),
    )

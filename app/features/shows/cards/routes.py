"""My card and colleagues' cards: looking, filling in, the portrait, and who may look."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages, photos
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotFoundError
from app.core.forms import RawForm
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.cards import consents, queries, rules, service
from app.features.shows.cards.forms import IdentityForm, PhotoForm, ScopeForm
from app.features.shows.cards.rules import OF_DETAILS, NoPictureError, PublicField
from app.features.shows.duties import queries as duties
from app.features.shows.pledges import queries as pledges
from app.features.shows.pledges.rules import MOST
from app.features.sign_in.door import require

router = Router(prefix="/shows")
CARD: Final = "shows/card.html"
IDENTITY: Final = "shows/identity.html"
PHOTO: Final = "shows/photo.html"
SHARING: Final = "shows/sharing.html"
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Portrait = Annotated[photos.SentPhoto, photos.sent(square=True, sizes=(rules.SMALL, rules.LARGE))]


@router.get("")
def my_card(request: Request, session: DbSession, actor: Me, year: int | None = None) -> Response:
    """Who I am, what I pledge, what I am responsible for: this year, or one before."""
    return _card(request, session, actor, actor.member_id, year)


@router.get("/members/{member_id}")
def card(request: Request, session: DbSession, actor: Me, member_id: UUID, year: int | None = None) -> Response:
    """A colleague's card, as far as its scope reaches."""
    return _card(request, session, actor, member_id, year)


@router.get("/members/{member_id}/identity")
def identity_form(request: Request, session: DbSession, actor: Me, member_id: UUID) -> Response:
    """What I tell beyond the roster, or an officer for me."""
    return _identity(request, session, actor, member_id)


@router.post("/members/{member_id}/identity")
def save_identity(request: Request, session: DbSession, actor: Me, member_id: UUID, raw: RawForm) -> Response:
    """Show it so from now on. A field that was not sent stays as it is."""

    def do(form: IdentityForm) -> Done:
        _entered_for(session, actor, member_id)
        said = {name: getattr(form.details, name) for name in forms.carried(IdentityForm, raw)}
        before = queries.details(queries.identity(session, member_id, year=clock.today().year))
        service.save_identity(session, actor, member_id=member_id, details=replace(before, **said))
        return Done(_address(actor, member_id), _("The card shows it now."))

    return act(request, session, raw, IdentityForm, do, page=partial(_identity, request, session, actor, member_id))


@router.get("/members/{member_id}/photo")
def photo_form(request: Request, session: DbSession, actor: Me, member_id: UUID) -> Response:
    """The portrait, another one, or none."""
    return _photo(request, session, actor, member_id)


@router.post("/members/{member_id}/photo")
def keep_photo(
    request: Request, session: DbSession, actor: Me, *, member_id: UUID, raw: RawForm, portrait: Portrait
) -> Response:
    """A new portrait."""

    def keep(_form: PhotoForm) -> Done:
        pictures = portrait.taken()
        if not pictures:
            raise NoPictureError
        service.keep_photo(session, actor, member_id=member_id, pictures=pictures)
        return Done(_address(actor, member_id), _("The card has the photo now."))

    page = partial(_photo, request, session, actor, member_id)
    return act(request, session, raw, PhotoForm, keep, page=page)


@router.post("/members/{member_id}/photo/remove")
def remove_photo(request: Request, session: DbSession, actor: Me, member_id: UUID) -> Response:
    """Erase the portrait."""
    service.remove_photo(session, actor, member_id=member_id)
    return pages.go(request, _address(actor, member_id), message=_("The photo is erased."))


@router.get("/photos/{photo_id}/{size}")
def photo(session: DbSession, actor: Me, photo_id: UUID, size: int) -> Response:
    """The pixels, for whoever may open the card. They are personal: no cache keeps them."""
    content = queries.photo(session, actor, photo_id, size)
    return Response(content, media_type=photos.MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@router.get("/sharing")
def sharing(request: Request, session: DbSession, actor: Me) -> Response:
    """Who may open my card."""
    return _sharing(request, session, actor)


@router.post("/sharing")
def choose_scope(request: Request, session: DbSession, actor: Me, raw: RawForm) -> Response:
    """Open it to the organ, or to the branch alone."""

    def do(form: ScopeForm) -> str:
        service.choose_scope(session, actor, scope=form.scope)
        return _("Saved.")

    page = partial(_sharing, request, session, actor)
    return act(request, session, raw, ScopeForm, do, page=page, to="/shows/sharing")


def _card(request: Request, session: Session, actor: Actor, member_id: UUID, year: int | None) -> Response:
    today = clock.today()
    year = year or today.year
    if not rules.FIRST_YEAR <= year <= today.year:
        raise NotFoundError
    face, branch_id = queries.face(session, actor, member_id, year=year)
    is_own, may_enter = member_id == actor.member_id, service.may_enter(actor, member_id, branch_id)
    identity = queries.identity(session, member_id, year=year) if may_enter else None
    pledged = pledges.of_member(session, member_id, year)
    return pages.render(
        request,
        CARD,
        face=face,
        year=year,
        is_this_year=year == today.year,
        has_year_before=year - 1 in _years(session, member_id),
        is_own=is_own,
        may_enter=may_enter,
        entered_by=identity.entered_by if identity and identity.entered_by_id != member_id else None,
        standing=rules.standing(face),
        marks=rules.marks(face),
        scope=queries.scope(session, member_id) if is_own else None,
        consent=consents.consent(session, member_id) if may_enter else None,
        pledges_shown=[pledge for pledge in pledged if pledge.is_approved],
        may_pledge_more=len(pledged) < MOST,
        duties_shown=duties.shown(session, member_id, year),
        callable_number=rules.callable_number,
    )


def _identity(request: Request, session: Session, actor: Actor, member_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    member = _entered_for(session, actor, member_id)
    identity = queries.identity(session, member_id, year=clock.today().year)
    return answer.drawn(
        request,
        IDENTITY,
        member=member,
        details=queries.details(identity),
        identity=identity,
        public_pieces=_public_of_others(session, actor, member_id),
        home=_address(actor, member_id),
        lengths=rules,
    )


def _photo(request: Request, session: Session, actor: Actor, member_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(
        request,
        PHOTO,
        member=_entered_for(session, actor, member_id),
        portrait=queries.portrait(session, member_id),
        is_public=PublicField.PHOTO in consents.pieces(session, member_id) and member_id != actor.member_id,
        home=_address(actor, member_id),
        accepted=photos.ACCEPTED,
        large=rules.LARGE,
    )


def _sharing(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    consent = consents.consent(session, actor.member_id)
    return answer.drawn(
        request,
        SHARING,
        block="sharing",
        scope=queries.scope(session, actor.member_id),
        scopes=[(scope.value, scope.label, rules.SCOPE_SENTENCES[scope]) for scope in rules.CardScope],
        consent=consent,
        fields=[field for field in PublicField if field in consents.fields_of(consent.fields)] if consent else (),
        address=pages.address_outside(request, f"/p/{consent.token}") if consent else None,
        earlier=[one for one in consents.consents(session, actor.member_id) if one.withdrawn_at],
    )


def _entered_for(session: Session, actor: Actor, member_id: UUID) -> members.AnyRow:
    """The member whose card it is: the actor, or somebody for whom the actor records.

    Raises:
        NotFoundError: it is neither.
    """
    member = members.colleague(session, actor, member_id)
    if not service.may_enter(actor, member_id, member.branch_id):
        raise NotFoundError
    return member


def _public_of_others(session: Session, actor: Actor, member_id: UUID) -> list[LazyText]:
    """What on somebody else's card its owner alone changes, as everybody sees it."""
    pieces = consents.pieces(session, member_id) if member_id != actor.member_id else ()
    return [field.label for field in PublicField if field in pieces and field in OF_DETAILS]


def _years(session: Session, member_id: UUID) -> set[int]:
    """The years of which there is something to see."""
    return {one.year for one in queries.identities(session, member_id)} | set(pledges.years(session, member_id))


def _address(actor: Actor, member_id: UUID) -> str:
    return "/shows" if member_id == actor.member_id else f"/shows/members/{member_id}"


@router.post("/members/{member_id}/withdraw")
def withdraw_consent(request: Request, session: DbSession, actor: Me, member_id: UUID) -> Response:
    """Take the public page down: the own one, or that of a member for whom the actor records."""
    service.withdraw_consent(session, actor, member_id=member_id)
    back = "/shows/sharing" if member_id == actor.member_id else f"/shows/members/{member_id}"
    return pages.go(request, back, message=_("The public page is gone. Its address and picture code lead nowhere now."))

"""Carrying a wish: forms of its page, from the claim to the look back."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from app.core import formats, forms, pages
from app.core.answers import Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.photos import SentPhoto, sent
from app.core.routing import DbSession, Router
from app.features.wishes import queries as wishes
from app.features.wishes.carrying import claims, fulfilment, revisits, slips, undoing
from app.features.wishes.carrying.errors import SlipVoidError, WrongCodeError
from app.features.wishes.carrying.fulfilment import PHOTO_SIZE
from app.features.wishes.carrying.rules import REVISIT_FROM
from app.features.wishes.pages import AnswersForWishes, MemberActor, SeesWishes, on_wish, wish_page
from app.features.wishes.rules import NOTE_LENGTH, ClaimKind, Helped

router = Router(prefix="/wishes/{wish_id:uuid}")
PhotoOfThing = Annotated[SentPhoto, sent(square=False, sizes=(PHOTO_SIZE,))]
Note = Annotated[str, Field(max_length=NOTE_LENGTH)]


class ClaimForm(FormModel):
    """One tap; whoever wants company says so."""

    kind: ClaimKind = ClaimKind.ALONE


class InviteForm(FormModel):
    """Colleagues who are asked to take part."""

    member_id: list[UUID] = Field(min_length=1)


class ReleaseForm(FormModel):
    """Giving back; the reason may stay empty."""

    reason: Note = ""


class FulfilForm(FormModel):
    """Handed over: when, and how in one sentence."""

    day: Day
    sentence: Note = Field(min_length=1)


class CodeForm(FormModel):
    """What the wisher has said aloud."""

    code: str = Field(max_length=40)


class NotYetForm(FormModel):
    """What is still missing."""

    note: Note = ""


class RevisitForm(FormModel):
    """Did it really help?"""

    helped: Helped
    sentence: Note = ""


@router.post("/claim")
def claim(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """Below its terms; the page then says what comes next. Whoever was second reads there who was first."""

    def take(form: ClaimForm) -> Done:
        claims.claim(session, actor, wish_id=wish_id, kind=form.kind)
        return Done(f"/wishes/{wish_id}", _("Claimed. What comes next stands below."))

    return on_wish(request, session, actor, wish_id).act(raw, ClaimForm, take, at="claim")


@router.post("/invite")
def invite(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """Ask colleagues; each joins by the own tap."""

    def ask(form: InviteForm) -> str:
        claims.invite(session, actor, wish_id=wish_id, member_ids=form.member_id)
        return _("Asked. Each of them decides alone.")

    return on_wish(request, session, actor, wish_id).act(raw, InviteForm, ask, at="invite")


@router.post("/join")
def join(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """Accept an invitation."""
    claims.join(session, actor, wish_id=wish_id)
    return on_wish(request, session, actor, wish_id).shown(_("You take part now. Thank you."))


@router.post("/decline")
def decline(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """Say no to an invitation."""
    claims.decline(session, actor, wish_id=wish_id)
    return on_wish(request, session, actor, wish_id).shown(_("That is fine. Perhaps another time."))


@router.post("/contacted")
def contacted(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """The wisher has heard from us."""
    claims.contacted(session, actor, wish_id=wish_id)
    return on_wish(request, session, actor, wish_id).shown(_("Noted. When the wish is fulfilled, say so here."))


@router.post("/extend")
def extend(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """More time, once."""
    by = claims.extend(session, actor, wish_id=wish_id)
    message = _("You have more time now, until %(day)s.") % {"day": formats.day(by)}
    return on_wish(request, session, actor, wish_id).shown(message)


@router.post("/release")
def release(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """Give the wish back, without blame."""

    def give_back(form: ReleaseForm) -> Done:
        if claims.release(session, actor, wish_id=wish_id, reason=form.reason):
            said = _("Given back. Somebody else can claim it now; nothing is held against you.")
        else:
            said = _("You no longer take part; the others keep the wish. Nothing is held against you.")
        return Done("/wishes/mine", said)

    return on_wish(request, session, actor, wish_id).act(raw, ReleaseForm, give_back, at="release")


@router.post("/release/undo")
def undo_release(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """Keep the wish after all."""
    undone = undoing.undo_release(session, actor, wish_id=wish_id)
    if undone.leads:
        said = _("You take part again. %(name)s has claimed this wish.") % {"name": undone.leads}
    elif undone.without:
        said = _(
            "You keep the wish, and its days go on. No longer with you: %(names)s, for want of room beside other "
            "wishes, or of a branch that looks after this community."
        ) % {"names": _(", ").join(undone.without)}
    else:
        said = _("You keep the wish, and its days go on.")
    return pages.go(request, f"/wishes/{wish_id}", message=said)


@router.post("/fulfil")
def fulfil(
    request: Request, session: DbSession, actor: MemberActor, *, wish_id: UUID, raw: RawForm, photo: PhotoOfThing
) -> Response:
    """Handed over. The photo is of the thing, and nobody has to take one."""

    def say(form: FulfilForm) -> str:
        small = photo.taken().get(PHOTO_SIZE)
        fulfilment.fulfil(session, actor, wish_id=wish_id, sentence=form.sentence, day=form.day, photo=small)
        return _("Thank you. Somebody of the community now confirms it.")

    return on_wish(request, session, actor, wish_id).act(raw, FulfilForm, say, at="fulfil")


@router.get("/photo")
def photo(session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """The photo of the thing, for whoever may see the wish."""
    wish = wishes.wish(session, actor, wish_id)
    found = fulfilment.photo(session, wish.claim_id) if wish.claim_id else None
    if found is None:
        raise NotFoundError
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": "no-store"})


@router.post("/photo/remove")
def remove_photo(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """Take the photo away."""
    fulfilment.remove_photo(session, actor, wish_id=wish_id)
    return on_wish(request, session, actor, wish_id).shown(_("The photo is gone."))


@router.post("/code")
def code(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """The wisher has said the code aloud. A wrong one is counted, so this unit of work ends well either way."""
    form = forms.parse(CodeForm, raw)
    if form.value and not fulfilment.confirm_with_code(session, actor, wish_id=wish_id, typed=form.value.code):
        form = form.refused(WrongCodeError() if slips.has_slip(session, wish_id) else SlipVoidError())
    if form.value is None:
        return wish_page(request, session, actor, wish_id, Answer(422, {"code": form}))
    message = _("Confirmed by the wisher. %(days)s days after it was handed over somebody looks back.")
    message %= {"days": REVISIT_FROM.days}
    return on_wish(request, session, actor, wish_id).shown(message)


@router.post("/confirm")
def confirm(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """The desk says that it is done."""
    fulfilment.confirm_realised(session, actor, wish_id=wish_id)
    message = _("Confirmed. %(days)s days after it was handed over somebody looks back.") % {"days": REVISIT_FROM.days}
    return on_wish(request, session, actor, wish_id).shown(message)


@router.post("/not-yet")
def not_yet(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm) -> Response:
    """The desk says what is still missing."""

    def say(form: NotYetForm) -> str:
        fulfilment.not_yet(session, actor, wish_id=wish_id, note=form.note)
        return _("Told to those who have claimed it.")

    return on_wish(request, session, actor, wish_id).act(raw, NotYetForm, say, at="not_yet")


@router.post("/revisit")
def revisit(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID, raw: RawForm) -> Response:
    """Whether it really helped."""

    def say(form: RevisitForm) -> str:
        revisits.revisit(session, actor, wish_id=wish_id, helped=form.helped, sentence=form.sentence)
        if form.helped is Helped.NO:
            return _("Thank you. The wish goes back to those who claimed it, so that it can still help.")
        return _("Thank you. The wish is closed, and counts for those who fulfilled it.")

    return on_wish(request, session, actor, wish_id).act(raw, RevisitForm, say, at="revisit")


@router.post("/revisit/take")
def take_over(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """I will look back at it."""
    revisits.take_over(session, actor, wish_id=wish_id)
    return on_wish(request, session, actor, wish_id).shown(_("Thank you. You will be reminded when the day has come."))


@router.post("/revisit/let-go")
def let_go(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """Somebody else may."""
    revisits.let_go(session, actor, wish_id=wish_id)
    return on_wish(request, session, actor, wish_id).shown(_("That is fine. Somebody else can take it over now."))

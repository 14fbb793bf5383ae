"""Pages for residents, who need no account; the queue of what they sent; and the poster of a community."""

from functools import partial
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.db import Database
from app.core.errors import NotFoundError
from app.core.forms import Form, RawForm, SmallForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.qr import qr_picture
from app.core.routing import DbSession, Nobody, Router, Units
from app.core.visitors import network_of
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.organisations.communities import queries as communities
from app.features.private.rules import ADDRESS_LENGTH, NAME_LENGTH, PHONE_LENGTH
from app.features.slips.rules import new_code, readable
from app.features.wishes.carrying.rules import CONTACT_WITHIN
from app.features.wishes.contacts.rules import texts
from app.features.wishes.pages import AnswersForWishes
from app.features.wishes.residents import moderation, queries, receipts, rules, service
from app.features.wishes.residents.forms import AcceptForm, ReceiptForm, RenewForm, ResidentForm, checked
from app.features.wishes.residents.receipts import receipt_picture
from app.features.wishes.residents.rules import GUARDIAN_LENGTH, ForWhom
from app.features.wishes.rules import NEED_LENGTH, TITLE_LENGTH, Category

FORM: Final = "wishes/resident.html"
SENT: Final = "wishes/sent.html"
RECEIPT: Final = "wishes/receipt.html"
QUEUE: Final = "wishes/from_residents.html"
FROM_RESIDENTS: Final = "/wishes/from-residents"
POSTER: Final = "wishes/poster.html"
CARDS: Final = "wishes/poster_cards.html"
CARDS_ON_A_SHEET: Final = 8
router = Router()


@router.get("/c")
def typed(_door: Nobody, word: str = "") -> Response:
    """Where somebody leads who has typed the letters of the poster, or its whole address."""
    return pages.see_other(f"/c/{quote(word.strip().rsplit('/', 1)[-1], safe='') or '-'}")


@router.get("/c/{token}")
def form_page(request: Request, session: DbSession, _door: Nobody, token: str) -> Response:
    """Where the picture on the poster leads."""
    return _form(request, queries.poster_behind(session, token))


@router.post("/c/{token}")
def send(request: Request, session: DbSession, _door: Nobody, token: str, raw: SmallForm) -> Response:
    """The wish is in, and here is its receipt; it stands in no address, so the page is the answer itself."""
    poster = queries.poster_behind(session, token)
    form = checked(forms.parse(ResidentForm, raw))
    if form.value is None:
        return _form(request, poster, Answer(422, {"form": form}))

    def put(form: ResidentForm) -> Response:
        sent = service.send(
            session,
            poster_id=poster.id,
            community_id=poster.community_id,
            network=network_of(request),
            receipt=form.receipt,
            told=form.told,
        )
        request.state.is_demo = poster.is_demo
        code = readable(sent.code)
        picture = receipt_picture(code, pages.address_outside(request, "/receipt").split("://", 1)[-1])
        at = {"community": poster.community, "token": poster.token, "call_days": CONTACT_WITHIN.days}
        return pages.render(request, SENT, code=code, picture=picture, **at)

    return act(request, session, raw, ResidentForm, put, page=partial(_form, request, poster))


@router.get("/receipt")
def receipt_page(request: Request, _door: Nobody) -> Response:
    """Where the code of a receipt is typed."""
    return _receipt(request)


@router.post("/receipt")
def look(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """What became of the wish, in words."""
    return _with_code(request, units, raw, lambda session, code: "")


@router.post("/receipt/withdraw")
def withdraw(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """Taken back, at once and without a reason."""

    def take_back(session: Session, code: str) -> str:
        service.withdraw(session, code=code)
        return _("The wish is taken back. What told who you are is erased.")

    return _with_code(request, units, raw, take_back)


@router.post("/receipt/story")
def take_story_down(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """The story goes, the wish stays."""

    def take_down(session: Session, code: str) -> str:
        receipts.take_story_down(session, code=code)
        return _("The story is taken down and erased.")

    return _with_code(request, units, raw, take_down)


@router.get(FROM_RESIDENTS)
def queue(
    request: Request, session: DbSession, actor: AnswersForWishes, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """What waits, the oldest first; a flood from one place is folded."""
    return _queue(request, session, actor, number=page)


@router.get(f"{FROM_RESIDENTS}/{{submission_id:uuid}}")
def same_network(request: Request, session: DbSession, actor: AnswersForWishes, submission_id: UUID) -> Response:
    """Everything that came from the same connection as this one, unfolded."""
    return _queue(request, session, actor, of=submission_id)


@router.post(f"{FROM_RESIDENTS}/{{submission_id:uuid}}/accept")
def accept(
    request: Request, session: DbSession, actor: AnswersForWishes, submission_id: UUID, raw: RawForm
) -> Response:
    """A draft wish; the page goes there, because the draft wants a look before it is handed in."""

    def take(form: AcceptForm) -> Done:
        wish = moderation.accept(session, actor, submission_id=submission_id, **form.model_dump())
        message = _("%(code)s is a draft now. Look through it and hand it in.") % {"code": wish.code}
        return Done(f"/wishes/desk/{wish.id}", message)

    page = partial(_queue, request, session, actor, wrong=submission_id)
    return act(request, session, raw, AcceptForm, take, page=page)


@router.post(f"{FROM_RESIDENTS}/{{submission_id:uuid}}/refuse")
def refuse(request: Request, session: DbSession, actor: AnswersForWishes, submission_id: UUID) -> Response:
    """No wish: erased."""
    moderation.refuse(session, actor, submission_id=submission_id)
    return pages.go(request, FROM_RESIDENTS, message=_("Refused. Everything that was written is erased."))


@router.post(f"{FROM_RESIDENTS}/{{submission_id:uuid}}/refuse-network")
def refuse_network(request: Request, session: DbSession, actor: AnswersForWishes, submission_id: UUID) -> Response:
    """A flood: everything from that connection is erased."""
    number = moderation.refuse_network(session, actor, submission_id=submission_id)
    message = ngettext(
        "%(n)s submission from this connection is refused and erased.",
        "%(n)s submissions from this connection are refused and erased.",
        number,
    )
    return pages.go(request, FROM_RESIDENTS, message=message % {"n": number})


@router.get("/communities/{community_id}/poster")
def poster(request: Request, session: DbSession, actor: AnswersForWishes, community_id: UUID) -> Response:
    """The sheet for the stairwell, or how to get one."""
    return _poster(request, session, actor, community_id)


@router.get("/communities/{community_id}/poster/cards")
def cards(request: Request, session: DbSession, actor: AnswersForWishes, community_id: UUID) -> Response:
    """The same small, to cut and hand out on visits."""
    return _poster(request, session, actor, community_id, template=CARDS)


@router.post("/communities/{community_id}/poster")
def make(request: Request, session: DbSession, actor: AnswersForWishes, community_id: UUID) -> Response:
    """The community's first poster."""
    service.make_poster(session, actor, community_id=community_id)
    return pages.go(request, f"/communities/{community_id}/poster")


@router.post("/communities/{community_id}/poster/renew")
def renew(request: Request, session: DbSession, actor: AnswersForWishes, community_id: UUID, raw: RawForm) -> Response:
    """Another address; the posters that hang now are no longer read."""

    def another(form: RenewForm) -> Done:
        service.renew_poster(session, actor, community_id=community_id, token=form.token)
        said = _("The new poster is ready. Print it and take the old ones down: who scans them is told to look for it.")
        return Done(f"/communities/{community_id}/poster", said)

    return act(request, session, raw, RenewForm, another, page=partial(_poster, request, session, actor, community_id))


def _with_code(request: Request, units: Database, raw: SmallForm, do: receipts.Act) -> Response:
    def open_it(form: ReceiptForm) -> Response:
        opened = receipts.open_with(units, typed=form.code, network=network_of(request), act=do)
        return _receipt(request, opened=opened)

    return act(request, None, raw, ReceiptForm, open_it, page=partial(_receipt, request))


def _form(request: Request, poster: AnyRow, answer: Answer = AS_IT_IS) -> Response:
    request.state.is_demo = poster.is_demo
    form: Form[ResidentForm] = answer.form or Form()
    return answer.drawn(
        request,
        FORM,
        form=form,
        token=poster.token,
        community=poster.community,
        receipt=form.typed("receipt") or readable(new_code()),
        categories=Category.choices(),
        for_whom=ForWhom.choices(),
        consents={kind.value: text for kind, text in texts().items()},
        need_length=NEED_LENGTH,
        name_length=NAME_LENGTH,
        phone_length=PHONE_LENGTH,
        address_length=ADDRESS_LENGTH,
        guardian_length=GUARDIAN_LENGTH,
    )


def _receipt(request: Request, answer: Answer = AS_IT_IS, *, opened: receipts.Opened | None = None) -> Response:
    request.state.is_demo = bool(opened and opened.shown.is_demo)
    return answer.drawn(request, RECEIPT, form=answer.form or Form(), opened=opened)


def _queue(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    number: int = 1,
    of: UUID | None = None,
    wrong: UUID | None = None,
) -> Response:
    arrived = queries.arrived(session, actor)
    lines = rules.only_network(arrived, of) if of else list(rules.folded(arrived))
    if of and not lines:
        raise NotFoundError
    if wrong is not None:
        lines = rules.only(arrived, wrong)
    shown, last = rules.page_of(lines, number)
    return answer.drawn(
        request,
        QUEUE,
        waiting=len(arrived),
        lines=queries.lines(session, shown),
        number=min(number, last),
        last=last,
        of=of,
        categories=Category.choices(),
        title_length=TITLE_LENGTH,
        need_length=NEED_LENGTH,
    )


def _poster(
    request: Request,
    session: Session,
    actor: Actor,
    community_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    template: str = POSTER,
) -> Response:
    community = communities.answered_community(session, actor, community_id)
    hanging = queries.current_poster(session, community_id)
    address = pages.address_outside(request, f"/c/{hanging.token}") if hanging else ""
    return answer.drawn(
        request,
        template,
        community=community,
        poster=hanging,
        picture=qr_picture(address) if hanging else None,
        address=address.split("://", 1)[-1],
        cards=CARDS_ON_A_SHEET,
    )

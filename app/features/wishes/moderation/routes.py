"""The queue of what residents sent."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.errors import BadInputError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.moderation import queries, rules, service
from app.features.wishes.moderation.forms import AcceptForm
from app.features.wishes.public.rules import FOR_WHOM_LABELS
from app.features.wishes.rules import CATEGORY_LABELS, NEED_LENGTH, TITLE_LENGTH

QUEUE: Final = "wishes/from_residents.html"
ADDRESS: Final = "/wishes/from-residents"
router = Router(prefix=ADDRESS)
Answerer = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]


@router.get("")
def queue(
    request: Request, session: DbSession, actor: Answerer, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """What waits, the oldest first; a flood from one place is folded."""
    return _queue(request, session, actor, number=page)


@router.get("/{submission_id:uuid}")
def same_network(request: Request, session: DbSession, actor: Answerer, submission_id: UUID) -> Response:
    """Everything that came from the same connection as this one, unfolded."""
    return _queue(request, session, actor, of=submission_id)


@router.post("/{submission_id:uuid}/accept")
def accept(request: Request, session: DbSession, actor: Answerer, submission_id: UUID, raw: RawForm) -> Response:
    """A draft wish; the page goes there, because the draft wants a look before it is handed in."""
    form = forms.parse(AcceptForm, raw)
    if form.value:
        try:
            wish = service.accept(
                session,
                actor,
                submission_id=submission_id,
                title=form.value.title,
                need=form.value.need,
                category=form.value.category,
            )
        except BadInputError as refusal:
            form = form.refused(refusal)
        else:
            message = _("%(code)s is a draft now. Look through it and hand it in.") % {"code": wish.code}
            return pages.go(request, f"/wishes/desk/{wish.id}", message=message)
    return _queue(request, session, actor, form=form, wrong=submission_id)


@router.post("/{submission_id:uuid}/refuse")
def refuse(request: Request, session: DbSession, actor: Answerer, submission_id: UUID) -> Response:
    """No wish: erased."""
    service.refuse(session, actor, submission_id=submission_id)
    return pages.go(request, ADDRESS, message=_("Refused. Everything that was written is erased."))


@router.post("/{submission_id:uuid}/refuse-network")
def refuse_network(request: Request, session: DbSession, actor: Answerer, submission_id: UUID) -> Response:
    """A flood: everything from that connection is erased."""
    number = service.refuse_network(session, actor, submission_id=submission_id)
    message = ngettext(
        "%(n)s submission from this connection is refused and erased.",
        "%(n)s submissions from this connection are refused and erased.",
        number,
    )
    return pages.go(request, ADDRESS, message=message % {"n": number})


def _queue(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    number: int = 1,
    of: UUID | None = None,
    form: Form[AcceptForm] | None = None,
    wrong: UUID | None = None,
) -> Response:
    arrived = queries.arrived(session, actor)
    lines = rules.only_network(arrived, of) if of else list(rules.folded(arrived))
    if wrong is not None:
        lines = rules.only(arrived, wrong)
    shown, last = rules.page_of(lines, number)
    return pages.render(
        request,
        QUEUE,
        status=422 if form else 200,
        waiting=len(arrived),
        lines=queries.lines(session, shown),
        number=min(number, last),
        last=last,
        of=of,
        form=form,
        categories=[(category.value, label) for category, label in CATEGORY_LABELS.items()],
        category_labels=CATEGORY_LABELS,
        for_whom=FOR_WHOM_LABELS,
        title_length=TITLE_LENGTH,
        need_length=NEED_LENGTH,
    )

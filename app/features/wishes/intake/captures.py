"""Drafts of wishes out of phones' queues. A contact never travels this way."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.core.errors import AppError, NotFoundError
from app.core.forms import Day
from app.core.i18n import lazy_gettext as _
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, SyncOutcome
from app.features.wishes import service as wish_service
from app.features.wishes.intake.forms import Need, Title, Yuan
from app.features.wishes.intake.rules import NotChangeableError
from app.features.wishes.intake.service import CHANGEABLE, WishText, choose, put_down
from app.features.wishes.models import Wish
from app.features.wishes.rules import Category, Origin
from app.features.wishes.wisher import service as withdrawal


class DraftPayload(BaseModel):
    """The content of a captured ``wish.draft``. There is no field for contacts, and what is sent beside is refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    community_id: UUID | None = None
    title: Title
    need: Need = ""
    category: Category
    yuan: Annotated[Yuan, Field(strict=True)] | None = None
    wanted_by: Day | None = None


def take(session: Session, items: Sequence[Item[DraftPayload]]) -> Mapping[UUID, SyncOutcome]:
    """Put the drafts down, one by one: each takes a number of the year. A batch has few.

    A day that has passed is seen at the desk. Only a text that names somebody is refused: it may not be kept in clear.
    """
    where = {
        member_id: [row.id for row in communities.collected_by(session, member_id)]
        for member_id in {item.member_id for item in items}
    }
    for item in items:
        said = item.payload
        put_down(
            session,
            id=item.id,
            community_id=choose(where[item.member_id], said.community_id),
            text=WishText(**said.model_dump(exclude={"community_id"})),
            origin=Origin.COLLECTOR,
            by_id=item.member_id,
        )
    return dict.fromkeys((item.id for item in items), ACCEPTED)


def take_back(session: Session, ids: Collection[UUID], member_id: UUID) -> Mapping[UUID, AppError]:
    """Take drafts back that were not handed in yet; the others are named."""
    refused: dict[UUID, AppError] = {}
    for wish_id in sorted(ids):
        known = session.get(Wish, wish_id)
        if known is None or known.entered_by_id != member_id:
            refused[wish_id] = NotFoundError()
            continue
        wish = wish_service.lock_wish(session, wish_id)
        if wish.status not in CHANGEABLE:
            refused[wish_id] = NotChangeableError(state=wish.status.label)
            continue
        withdrawal.withdraw(session, wish_id=wish_id, by_id=member_id)
    return refused


WISH_DRAFT: Final = CapturedKind(
    name="wish.draft",
    payload=DraftPayload,
    take=take,
    take_back=take_back,
    needs=Permission.COLLECT_WISHES,
    words={
        "community_id": _("Community"),
        "title": _("Title"),
        "need": _("The need"),
        "category": _("Category"),
        "yuan": _("Estimate in yuan"),
        "wanted_by": _("Wanted by"),
    },
    on_phone=OnPhone(
        icon="heart",
        label=_("Wish"),
        part="wish",
        page="/wishes/desk/new",
        stands_in_for="/wishes/desk/new",
        repairable=True,
        arrived=_("Arrived at your desk; the contact is still missing"),
        onward=("/wishes/desk/#", _("Add the contact")),
    ),
)

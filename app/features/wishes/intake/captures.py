"""What is typed at the desk of a wish, and drafts out of phones' queues. A contact never travels this way."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.orm import Session

from app.core import texts
from app.core.errors import AppError, NotFoundError
from app.core.forms import Day, FormModel
from app.core.i18n import lazy_gettext as _
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.private.rules import ADDRESS_LENGTH, NAME_LENGTH, NOTE_LENGTH, PHONE_LENGTH, ConsentKind, Contact
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, SyncOutcome
from app.features.wishes import service as wish_service
from app.features.wishes.intake.rules import NotChangeableError
from app.features.wishes.intake.service import CHANGEABLE, WishText, choose, put_down
from app.features.wishes.models import Wish
from app.features.wishes.rules import MOST_YUAN, NEED_LENGTH, TITLE_LENGTH, Category, Kind, Origin
from app.features.wishes.wisher import service as withdrawal


def _visible(sent: Any) -> Any:
    return texts.visible(sent).strip() if isinstance(sent, str) else sent


Title = Annotated[str, BeforeValidator(_visible), Field(min_length=1, max_length=TITLE_LENGTH)]
Need = Annotated[str, BeforeValidator(_visible), Field(max_length=NEED_LENGTH)]
Yuan = Annotated[int, Field(ge=0, le=MOST_YUAN)]


class ContactFields(FormModel):
    """How to reach the wisher, and what was agreed. Whatever is wrong with it is said without repeating it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: str = Field(default="", max_length=NAME_LENGTH)
    phone: str = Field(default="", max_length=PHONE_LENGTH)
    address: str = Field(default="", max_length=ADDRESS_LENGTH)
    note: str = Field(default="", max_length=NOTE_LENGTH)
    is_child: bool = False
    consent_ordinary: bool = False
    consent_sensitive: bool = False
    consent_guardian: bool = False

    def consents(self) -> set[ConsentKind]:
        """What was agreed to."""
        return {kind for kind in ConsentKind if getattr(self, f"consent_{kind}")}

    def contact(self) -> Contact:
        """The contact that was typed."""
        return Contact(name=self.name, phone=self.phone, address=self.address, note=self.note)


class TextFields(FormModel):
    """What members will read of a wish."""

    title: Title
    need: Need = ""
    category: Category
    kind: Kind | None = None
    """Goods or a service; without it the category says which."""
    yuan: Yuan | None = None
    wanted_by: Day | None = None

    def text(self) -> WishText:
        """The text, ready for the service."""
        return WishText(**{name: getattr(self, name) for name in TextFields.model_fields})


class NewWishForm(TextFields, ContactFields):
    """A new wish on one page. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    community_id: UUID | None = None
    hand_in: bool = False
    """Straight to verification, instead of staying a draft."""


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

"""What is typed at the desk of a wish."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field

from app.core import texts
from app.core.forms import Day, FormModel
from app.features.private.rules import ADDRESS_LENGTH, NAME_LENGTH, NOTE_LENGTH, PHONE_LENGTH, ConsentKind, Contact
from app.features.wishes.intake.service import WishText
from app.features.wishes.rules import MOST_YUAN, NEED_LENGTH, TITLE_LENGTH, Category, Kind


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

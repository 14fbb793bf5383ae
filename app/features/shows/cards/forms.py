"""What is typed about a card, and ticked before it becomes public."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.core.forms import FormModel
from app.core.i18n import gettext as _
from app.features.shows.cards.rules import (
    MOTTO_LENGTH,
    OFFICE_PHONE_LENGTH,
    SERVICE_SCOPE_LENGTH,
    CardScope,
    IdentityDetails,
    PublicField,
    office_phone,
)


def _one_line(text: str) -> str:
    return " ".join(text.split())


Line = Annotated[str, AfterValidator(_one_line)]
OfficePhone = Annotated[str, Field(max_length=OFFICE_PHONE_LENGTH), AfterValidator(office_phone)]


class IdentityForm(FormModel):
    """Everything may stay empty; what the roster knows is not asked again (red line 5)."""

    service_scope: Annotated[Line, Field(max_length=SERVICE_SCOPE_LENGTH)] | None = None
    office_phone: OfficePhone | None = None
    motto: Annotated[Line, Field(max_length=MOTTO_LENGTH)] | None = None
    pioneer_post: bool = False
    shows_joined: bool = False

    @property
    def details(self) -> IdentityDetails:
        """The same for the service."""
        return IdentityDetails(**self.model_dump())


class ScopeForm(FormModel):
    """Who may open the card within the instance."""

    scope: CardScope


class PhotoForm(FormModel):
    """A portrait; the file itself comes beside it, see ``core/photos.sent``."""

    photo: None = None


def _said_yes(agreed: bool) -> bool:
    if not agreed:
        raise ValueError(_("Please tick this too if you agree. If not, the card stays as it is."))
    return agreed


class ConsentForm(FormModel):
    """What a member lets everybody see. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    text_version: str
    field: list[PublicField] = Field(default_factory=list)
    agreed: Annotated[bool, AfterValidator(_said_yes), Field(validate_default=True)] = False

"""What is typed about a card."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.core.forms import FormModel
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


class ConsentForm(FormModel):
    """What a member lets everybody see. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    text_version: str
    field: list[PublicField] = Field(default_factory=list)
    agreed: bool = False

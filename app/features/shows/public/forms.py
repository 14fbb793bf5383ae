"""What is ticked before a card becomes public."""

from uuid import UUID

from pydantic import Field

from app.core.forms import FormModel
from app.features.shows.public.rules import PublicField


class ConsentForm(FormModel):
    """What a member lets everybody see. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    text_version: str
    field: list[PublicField] = Field(default_factory=list)
    agreed: bool = False

"""What is typed about organisations."""

from pydantic import Field

from app.core.forms import FormModel
from app.features.members.models import PLACE_NAME_LENGTH
from app.features.members.rules import OrganisationKind


class UnitForm(FormModel):
    """A new organisation below another."""

    kind: OrganisationKind
    name: str = Field(min_length=1, max_length=PLACE_NAME_LENGTH)


class NameForm(FormModel):
    """Another name."""

    name: str = Field(min_length=1, max_length=PLACE_NAME_LENGTH)

"""What is typed about communities."""

from pydantic import Field

from app.core.forms import FormModel
from app.features.members.models import PLACE_NAME_LENGTH


class PairForm(FormModel):
    """The name of the branch that looks after the community too."""

    branch: str = Field(min_length=1, max_length=PLACE_NAME_LENGTH)

"""What a moderator sends."""

from pydantic import Field

from app.core.forms import FormModel
from app.features.wishes.rules import NEED_LENGTH, TITLE_LENGTH, Category


class AcceptForm(FormModel):
    """How members will read the wish."""

    title: str = Field(min_length=1, max_length=TITLE_LENGTH)
    need: str = Field(default="", max_length=NEED_LENGTH)
    category: Category

"""What is sent about a poster."""

from pydantic import Field

from app.core.forms import FormModel
from app.features.wishes.posters.rules import TOKEN_LENGTH


class RenewForm(FormModel):
    """The word of the poster that is to be read no more: a page that is older than a renewal renews nothing."""

    token: str = Field(max_length=TOKEN_LENGTH)

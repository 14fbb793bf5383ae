"""What is typed before a contact is opened."""

from pydantic import Field

from app.core.forms import FormModel
from app.features.wishes.contacts.rules import REASON_LENGTH


class LookForm(FormModel):
    """Why an officer looks; others need not say."""

    reason: str = Field(default="", max_length=REASON_LENGTH)

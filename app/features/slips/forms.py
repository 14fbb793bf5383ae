"""Who gets a slip, and what its holder types."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator

from app.core.forms import FormModel
from app.features.sign_in.forms import NewPasswordForm
from app.features.slips.errors import UnknownCodeError
from app.features.slips.rules import MOST_AT_ONCE, read_code


class PrintForm(FormModel):
    """The members ticked on the list."""

    member_id: list[UUID] = Field(default_factory=list, min_length=1, max_length=MOST_AT_ONCE, validate_default=True)
    replaces: list[UUID] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    """The slips that are still good and may be ended by this: those that were shown, and no later ones."""


class ActivateForm(NewPasswordForm):
    """The code of the slip and the password to be."""

    code: Annotated[str, Field(max_length=40)]
    shared: bool = False
    """Somebody else uses this phone too: the session ends like one of a desk."""

    @field_validator("code")
    @classmethod
    def _readable(cls, code: str) -> str:
        """A typing error is said together with what is wrong with the password."""
        if read_code(code) is None:
            raise ValueError(UnknownCodeError().sentence)
        return code

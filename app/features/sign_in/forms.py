"""What is typed at the door. Passwords are read and never written back."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from app.core.forms import FormModel
from app.core.i18n import gettext as _
from app.features.sign_in.errors import WeakPasswordError
from app.features.sign_in.password_rules import check_password

MOST_CHARACTERS = 200
"""Of a password: enough for any sentence, little enough to be hashed in no time."""
Password = Annotated[str, Field(max_length=MOST_CHARACTERS)]


class SignInForm(FormModel):
    """Who, with what, and where to then."""

    login: Annotated[str, Field(max_length=60)]
    password: Password
    next: str = "/"
    shared: bool = False
    """Somebody else uses this phone too: the session ends like one of a desk."""


class ConfirmForm(FormModel):
    """The password once more."""

    present: Password
    next: str = "/"


class NewPasswordForm(FormModel):
    """A new password, typed twice."""

    password: Password
    again: Password

    @field_validator("password")
    @classmethod
    def _strong(cls, password: str) -> str:
        """What is weak whoever chooses it; what is so for this person alone is known to ``credentials.hash_of_new``."""
        try:
            check_password(password, personal=())
        except WeakPasswordError as weak:
            raise ValueError(weak.sentence) from weak
        return password

    @field_validator("again")
    @classmethod
    def _same(cls, again: str, info: ValidationInfo) -> str:
        if "password" in info.data and again != info.data["password"]:
            raise ValueError(_("This is not the same as above. Please type both once more."))
        return again


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    present: Password

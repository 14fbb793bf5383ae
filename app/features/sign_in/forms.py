"""What is typed at the door. Passwords are read and never written back."""

from typing import Annotated

from pydantic import Field

from app.core.forms import FormModel

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

    password: Password
    next: str = "/"


class NewPasswordForm(FormModel):
    """A new password, typed twice."""

    password: Password
    again: Password


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old: Password

"""What is typed about second factors."""

from typing import Annotated

from pydantic import Field

from app.core.forms import FormModel
from app.features.sign_in.factors.passkeys import MOST_CHARACTERS

Code = Annotated[str, Field(max_length=40)]
Label = Annotated[str, Field(max_length=40)]


class CodeForm(FormModel):
    """The code of an app, or one from the list."""

    code: Code
    next: str = "/"


class PasskeyForm(FormModel):
    """What the browser answers."""

    credential: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    next: str = "/"


class NewAppForm(FormModel):
    """A first code of a new app, and the secret it was made with, sealed."""

    code: Code
    secret: Annotated[str, Field(max_length=600)]
    label: Label = ""


class NewPasskeyForm(FormModel):
    """A new passkey."""

    credential: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    label: Label = ""


class ResetForm(FormModel):
    """Whose second factor is lost."""

    login: Annotated[str, Field(max_length=60)]

"""What is typed about ways by which notices leave."""

from typing import Annotated

from pydantic import Field

from app.core.forms import FormModel
from app.features.outward.rules import ChannelKind


class AddForm(FormModel):
    """Where to."""

    kind: ChannelKind
    to: Annotated[str, Field(max_length=400)]
    secret: Annotated[str, Field(max_length=200)] = ""


class BrowserForm(FormModel):
    """What a browser says when it has subscribed."""

    subscription: Annotated[str, Field(max_length=4000)]


class CodeForm(FormModel):
    """The code that was sent there."""

    code: Annotated[str, Field(max_length=20)]


class PauseForm(FormModel):
    """Whether to say nothing for now."""

    paused: bool = False

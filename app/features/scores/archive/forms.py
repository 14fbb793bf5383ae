"""What is typed around signatures and the archive."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.forms import FormModel
from app.features.members import two_people
from app.features.scores.archive.rules import WORDS_LENGTH, SignatureWords, Why

Words = Annotated[str, Field(max_length=WORDS_LENGTH)]


class SignForm(FormModel):
    """What a member says under the own sheet."""

    said: SignatureWords
    words: Words = ""
    seen: Annotated[str, Field(max_length=64)] | None = None


class PaperForm(FormModel):
    """What stands on a signed paper beside the name."""

    words: Words = ""


class UnsignedForm(FormModel):
    """Why somebody has not signed."""

    why: Why


class SecondForm(two_people.SecondForm):
    """The same, of whose sheets."""

    branch_id: UUID | None = None

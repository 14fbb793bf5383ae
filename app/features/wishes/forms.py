"""What is typed on the page of a wish."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.core import texts
from app.core.forms import Day, FormModel
from app.features.wishes.claims.rules import NOTE_LENGTH, ClaimKind
from app.features.wishes.fulfilment.rules import SENTENCE_LENGTH
from app.features.wishes.revisits.rules import SENTENCE_LENGTH as FOUND_LENGTH
from app.features.wishes.revisits.rules import Helped


def _visible(sent: Any) -> Any:
    return texts.visible(sent) if isinstance(sent, str) else sent


Sentence = Annotated[str, BeforeValidator(_visible)]


class ClaimForm(FormModel):
    """One tap; whoever wants company says so."""

    kind: ClaimKind = ClaimKind.ALONE


class InviteForm(FormModel):
    """Colleagues who are asked to take part."""

    member_id: list[UUID] = Field(min_length=1)


class ReleaseForm(FormModel):
    """Giving back; the reason may stay empty."""

    reason: Sentence = Field(default="", max_length=NOTE_LENGTH)


class FulfilForm(FormModel):
    """Handed over: when, and how in one sentence."""

    day: Day
    sentence: Sentence = Field(min_length=1, max_length=SENTENCE_LENGTH)


class CodeForm(FormModel):
    """What the wisher has said aloud."""

    code: str = Field(max_length=40)


class NotYetForm(FormModel):
    """What is still missing."""

    note: Sentence = Field(default="", max_length=NOTE_LENGTH)


class RevisitForm(FormModel):
    """Did it really help?"""

    helped: Helped
    sentence: Sentence = Field(default="", max_length=FOUND_LENGTH)

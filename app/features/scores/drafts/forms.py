"""What is typed into the pages of rule sets."""

from pydantic import ConfigDict, Field

from app.core.forms import FormModel
from app.features.ledger.rules import FactType
from app.features.scores.models import DOCUMENT_LENGTH, REASON_LENGTH


class PieceForm(FormModel):
    """The fields of one piece, by their place in it."""

    model_config = ConfigDict(extra="allow")
    seen: str
    """Digest of what the form was filled with."""


class LineForm(FormModel):
    """Which facts a new line counts, and where it stands."""

    section: str
    fact: FactType


class PartForm(FormModel):
    """Which part of a line, counted from 0; all of it where none is named."""

    part: int | None = None
    seen: str


class ProposeForm(FormModel):
    """For which year a draft is proposed."""

    year: int
    excepted: bool = False


class PublishForm(FormModel):
    """That the second person has read it; and why, where the year is publicised already."""

    seen: str
    reason: str | None = Field(default=None, max_length=REASON_LENGTH)
    document: str | None = Field(default=None, max_length=DOCUMENT_LENGTH)

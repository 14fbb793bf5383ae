"""What is typed into the forms of pledges, and what phones send of their progress."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from app.core import texts
from app.core.forms import Day, FormModel
from app.features.shows.pledges.rules import (
    KEYWORD_LENGTH,
    NOTE_LENGTH,
    TEXT_LENGTH,
    Audience,
    Ending,
    PeerWord,
    Progress,
    Side,
)


def _one_line(sent: Any) -> Any:
    """What phones send has not gone through a form: no unseen signs, and nothing that is only blank."""
    return texts.visible(sent).strip() or None if isinstance(sent, str) else sent


def _joined(typed: Any) -> Any:
    """A field of several lines holds one sentence."""
    return " ".join(typed.split()) if isinstance(typed, str) else typed


Words = Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH), BeforeValidator(_joined)]
Quarter = Annotated[int, Field(ge=1, le=4)]
Sentence = Annotated[str, Field(max_length=NOTE_LENGTH), BeforeValidator(_joined)]


class PledgeForm(FormModel):
    """A draft, or the correction of a returned pledge. Its id is made with the page: sent twice it is one."""

    id: UUID
    side: Side
    text: Words
    sign: Words
    due_on: Day
    member_id: UUID | None = None
    """For whom an officer writes it."""


class DraftForm(PledgeForm):
    """A draft that is new, or was thrown away and is written again: then it may have been last year's."""

    copied_from_id: UUID | None = None
    hand_in: bool = False
    """At once, if nothing could be said more plainly."""


class RestoreForm(FormModel):
    """What a withdrawal is to be taken back of: the draft that it left, or what was said of an ending."""

    id: UUID


class YearForm(FormModel):
    """Whose year is handed in or begun; nobody named is oneself."""

    member_id: UUID | None = None


class ProgressForm(FormModel):
    """One tap a quarter. The id is made with the page: a tap sent twice is one."""

    id: UUID
    state: Progress
    note: Sentence | None = None
    quarter: Quarter | None = None
    """Of the pledge's year; the running one, if it is not said."""
    on_today: bool = False
    """Whether it was asked on the page of today."""


class EndingForm(FormModel):
    """How a pledge ended. The id is made with the page."""

    id: UUID
    ending: Ending
    said: Sentence | None = None


class WordForm(FormModel):
    """What a colleague saw."""

    word: PeerWord
    sentence: Sentence | None = None


class PeersForm(FormModel):
    """Whether the branch asks colleagues."""

    asks_peers: bool = False


class SuggestionForm(FormModel):
    """A line of the library."""

    audience: Audience
    keyword: Annotated[str, Field(max_length=KEYWORD_LENGTH)] | None = None
    side: Side
    text: Words
    sign: Words


class ProgressPayload(BaseModel):
    """The content of a captured ``pledge.progress``."""

    model_config = {"str_strip_whitespace": True, "extra": "ignore"}

    pledge_id: UUID
    state: Progress
    note: Annotated[Sentence | None, BeforeValidator(_one_line)] = None
    quarter: Quarter | None = None

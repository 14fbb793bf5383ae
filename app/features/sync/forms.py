"""What a phone sends: an envelope, and items that are looked at one by one."""

import json
import re
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from app.core import phone_time
from app.core.errors import TooLargeError
from app.features.sync.errors import ClientTooOldError, NotAnEnvelopeError, NotAQueueFileError
from app.features.sync.rules import CODE_LENGTH, DEVICE_LENGTH, KIND_LENGTH, OCCURRED_LENGTH

MAX_BATCH_BYTES: Final = 512 * 1024
MAX_ITEMS: Final = 50
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
MAX_FILE_ITEMS: Final = 1000
"""Of a queue handed over as a file: a year of records, captured and never sent."""
OLDEST_CLIENT: Final = (0, 1)
"""The first version whose records are understood; what an older page has queued is sent after it was loaded again."""
MAX_SEQ: Final = 2**53
MOST_DIGITS: Final = 4000
"""Python reads no whole number of more than 4300 and would give the whole batch up."""
_VERSION: Final = re.compile(r"(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d+)*(?:[-+].*)?", re.ASCII)


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL in a text")
    text.encode("utf-8")  # half of a surrogate pair is a UnicodeEncodeError, which is a ValueError
    return text


def _read_time(text: Any) -> Any:
    return phone_time.read(text).moment if isinstance(text, str) else text


def _as_code(said: Any) -> Any:
    return "refused" if said is True else said or None


def _whole(digits: str) -> int | float:
    """A number of any length: one that no database can hold is infinite, and spoils its own item alone."""
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


Text = Annotated[str, AfterValidator(_storable)]


class Envelope(BaseModel):
    """A batch. Unknown fields are ignored: a newer page may send more."""

    device_id: Annotated[Text, Field(min_length=1, max_length=DEVICE_LENGTH)]
    member_id: UUID
    sent_at: Annotated[datetime, BeforeValidator(_read_time)]
    app_version: Text
    items: Annotated[list[Any], Field(min_length=1)]


class SentItem(BaseModel):
    """One captured thing. Its payload is the business of its kind."""

    id: UUID
    kind: Annotated[Text, Field(min_length=1, max_length=KIND_LENGTH)]
    payload: dict[str, Any]
    occurred_at: Annotated[Text, Field(max_length=OCCURRED_LENGTH)]
    seq: Annotated[int, Field(ge=0, le=MAX_SEQ)] = 0
    depends_on: UUID | None = None
    made_offline: bool = False
    would_be_refused: Annotated[Text | None, Field(max_length=CODE_LENGTH), BeforeValidator(_as_code)] = None
    """The code of the refusal that the phone already knew; ``refused`` if it only said yes."""

    @model_validator(mode="after")
    def _waits_for_another(self) -> "SentItem":
        if self.depends_on == self.id:
            raise ValueError("waits for itself")
        return self


def read_envelope(body: bytes) -> Envelope:
    """The batch that a phone has posted.

    Raises:
        TooLargeError: more bytes or items than one batch may have.
        ClientTooOldError: the phone's page is older than ``OLDEST_CLIENT``.
        NotAnEnvelopeError: anything else that is not a batch.
    """
    return _read(body, max_bytes=MAX_BATCH_BYTES, max_items=MAX_ITEMS)


def read_queue_file(content: bytes) -> Envelope:
    """The queue that a phone has saved as a file: an envelope with more items.

    Raises:
        NotAQueueFileError: another file, or one that is too large.
    """
    try:
        return _read(content, max_bytes=MAX_FILE_BYTES, max_items=MAX_FILE_ITEMS)
    except (NotAnEnvelopeError, ClientTooOldError, TooLargeError) as unreadable:
        raise NotAQueueFileError from unreadable


def _read(body: bytes, *, max_bytes: int, max_items: int) -> Envelope:
    if len(body) > max_bytes:
        raise TooLargeError
    try:
        raw = json.loads(body, parse_int=_whole)
    except (ValueError, RecursionError) as unreadable:
        raise NotAnEnvelopeError from unreadable
    if isinstance(raw, dict) and is_too_old(raw.get("app_version")):
        raise ClientTooOldError
    try:
        envelope = Envelope.model_validate(raw)
    except ValueError as invalid:
        raise NotAnEnvelopeError from invalid
    if len(envelope.items) > max_items:
        raise TooLargeError
    return envelope


def is_too_old(version: object) -> bool:
    """Whether ``version`` names a release before ``OLDEST_CLIENT``; what is no version number is not old."""
    found = _VERSION.fullmatch(version) if isinstance(version, str) else None
    return found is not None and (int(found[1]), int(found[2] or 0)) < OLDEST_CLIENT

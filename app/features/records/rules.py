"""What a record says, its day, and why an officer should look at it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from app.core import clock, texts
from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.periods import open_from
from app.features.reviews.rules import Flag, plain
from app.features.sync.items import Item
from app.features.sync.times import OLDEST_UPLOAD

DEVICE_TIME_LENGTH: Final = 40
TITLE_LENGTH: Final = 120
LATE_AFTER: Final = timedelta(days=7)
"""A record that comes later than this after its day is marked for a look. Ours: a week passes in any holiday."""


class FutureDayError(BadInputError):
    """A day that has not come yet."""

    code = "future_day"
    field = "day"
    message = _("This day has not come yet.")


class LongAgoError(BadInputError):
    """A day of more than a year ago: nobody adds that any more."""

    code = "long_ago"
    field = "day"
    message = _("Only what lies less than a year back can still be added.")


def _visible(sent: Any) -> Any:
    return texts.visible(sent) if isinstance(sent, str) else sent


def visible_or_none(sent: Any) -> Any:
    """A text without what nobody sees; ``None`` where nothing is left of it."""
    return texts.visible(sent).strip() or None if isinstance(sent, str) else sent


Title = Annotated[str, Field(max_length=TITLE_LENGTH), BeforeValidator(_visible)]


class Content(BaseModel):
    """What people say in a record, typed into its form or sent by a phone.

    A kind adds its own fields, called like the columns they go into. What is compared of two records is said so too: a
    stored row has the same names.
    """

    model_config = {"str_strip_whitespace": True, "extra": "ignore"}

    OF_A_DAY: ClassVar[tuple[str, int] | None] = None
    """A field, and how much of it a day has room for, all records together."""

    title: Title = ""
    """What it is called in lists. It may stay empty: no form asks for words (red line 4)."""

    @classmethod
    def choices(cls) -> dict[str, type[Word]]:
        """Its fields that are chosen from words."""
        return {
            name: word
            for name, field in cls.model_fields.items()
            for word in types_of(field.annotation)
            if issubclass(word, Word)
        }

    @classmethod
    def alike(cls, one: Any, others: Mapping[UUID, Any]) -> Mapping[UUID, Any]:
        """Of the ``others`` of a member's day, by id, those for which ``one`` may be recorded twice.

        They have its title and its choices; all, where the day has not room for them all. Each of them, and ``one``,
        is a content or a stored row.
        """
        if cls.OF_A_DAY:
            name, room = cls.OF_A_DAY
            if sum(getattr(each, name) for each in (one, *others.values())) > room:
                return others
        same = cls._same(one)
        return {record_id: other for record_id, other in others.items() if cls._same(other) == same}

    @classmethod
    def _same(cls, one: Any) -> list[Any]:
        return [plain(one.title), *(getattr(one, name) for name in cls.choices())]


def types_of(annotation: Any) -> set[type[Any]]:
    """The types that a field may have, out of whatever is said of them."""
    if get_origin(annotation) is Annotated:
        return types_of(get_args(annotation)[0])
    if isinstance(annotation, type):
        return {annotation}
    return {found for one in get_args(annotation) for found in types_of(one)}


C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord(Generic[C]):
    """A record as it was captured."""

    id: UUID
    """Made before, on the phone or in the form."""
    branch_id: UUID
    member_id: UUID
    recorded_by_id: UUID
    occurred_on: date
    """Branch-local day."""
    occurred_at: datetime
    """Corrected by the measured error of the phone's clock."""
    device_time: str
    """The phone's own words for it."""
    received_at: datetime
    made_offline: bool = False
    flags: frozenset[Flag] = frozenset()
    """What is known already; the service adds what it finds."""
    corrects_id: UUID | None = None
    said: C


def captured_by_phone(item: Item[Any], said: C) -> NewRecord[C]:
    """The record that a phone sent. Nothing is refused for its time.

    ``occurred_at`` here is the item's ``happened_at``, by our clock; ``device_time`` is its ``occurred_as_sent``.
    """
    return NewRecord(
        id=item.id,
        branch_id=item.branch_id,
        member_id=item.member_id,
        recorded_by_id=item.recorded_by_id,
        occurred_on=clock.local_day(item.happened_at),
        occurred_at=item.happened_at,
        device_time=item.occurred_as_sent,
        received_at=item.received_at,
        made_offline=item.made_offline,
        flags=item.flags,
        said=said,
    )


def check_day(day: date, *, today: date) -> None:
    """Let a typed day pass that is past or present, and no more than a year ago.

    A day of a closed year still passes; an officer then looks at it.

    Raises:
        FutureDayError: after ``today``.
        LongAgoError: before ``earliest_day``.
    """
    if day > today:
        raise FutureDayError
    if day < earliest_day(today):
        raise LongAgoError


def earliest_day(today: date) -> date:
    """The first day for which something can still be added: a year ago, and no leap year is shorter for it."""
    return today - OLDEST_UPLOAD


def flags_found(record: NewRecord[Any], *, overlaps: bool) -> frozenset[Flag]:
    """Why an officer should look at ``record``: what was known, its day, and whether another one is much like it."""
    arrived_on = clock.local_day(record.received_at)
    found = {
        Flag.OVERLAP: overlaps,
        Flag.PERIOD_CLOSED: record.occurred_on < open_from(arrived_on),
        Flag.LATE_UPLOAD: arrived_on - record.occurred_on > LATE_AFTER,
    }
    return record.flags | {flag for flag, applies in found.items() if applies}

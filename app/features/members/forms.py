"""What officers type about people."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from app.core import clock
from app.core.forms import Day, FormModel
from app.core.i18n import gettext as _
from app.features.members.models import NAME_LENGTH, NOTE_LENGTH, POST_LENGTH
from app.features.members.partial_dates import is_before, partial_date
from app.features.members.rules import ExemptionKind, MemberDetails, MemberStatus, Role, Sex, phone_number


def _past_date(typed: str, info: ValidationInfo) -> str:
    """A partial date that is not yet to come, unless it stood there before: a roster may have brought it."""
    day = partial_date(typed)
    if is_before(clock.today().isoformat(), day) and day != _known(info, info.field_name):
        raise ValueError(_("This day is still to come."))
    return day


PastDate = Annotated[str, AfterValidator(_past_date)]
Phone = Annotated[str, AfterValidator(phone_number)]
Note = Annotated[str, Field(max_length=NOTE_LENGTH)]


class MemberForm(FormModel):
    """The details of a member, as ``MemberDetails`` has them."""

    name: str = Field(min_length=1, max_length=NAME_LENGTH)
    phone: Phone | None = None
    group_id: UUID | None = None
    status: MemberStatus = MemberStatus.FULL
    sex: Sex | None = None
    post: str | None = Field(default=None, max_length=POST_LENGTH)
    born: PastDate | None = None
    joined: PastDate | None = None
    confirmed: PastDate | None = None
    note: Note | None = None
    id: UUID | None = None
    """Of a new member, made with the page, so that sending it twice is once."""
    version: int | None = None
    """Of the details that the form was filled with; a new member has none."""

    @field_validator("joined")
    @classmethod
    def _joined_after_birth(cls, joined: str | None, info: ValidationInfo) -> str | None:
        return _not_before(joined, "born", info, _("This lies before the day of birth."))

    @field_validator("confirmed")
    @classmethod
    def _confirmed_after_joining(cls, confirmed: str | None, info: ValidationInfo) -> str | None:
        return _not_before(confirmed, "joined", info, _("This lies before the day of joining."))

    def details(self) -> MemberDetails:
        """The details, ready for the service."""
        return MemberDetails(**self.model_dump(exclude={"id", "version"}))


class PostForm(FormModel):
    """A post for a member. ``place_id`` is asked only for posts above the branches."""

    role: Role
    starts_on: Day
    ends_on: Day | None = None
    place_id: UUID | None = None


class ExemptionForm(FormModel):
    """A time without a score."""

    kind: ExemptionKind
    starts_on: Day
    ends_on: Day | None = None
    note: Note | None = None


class LastDayForm(FormModel):
    """The last day of an exemption."""

    ends_on: Day


class EndPostForm(FormModel):
    """The last day of a post; it may be over at once."""

    ends_on: Day
    at_once: bool = False

    def last_day(self) -> date | None:
        """The last day, or nothing where the post is over from this moment."""
        return None if self.at_once else self.ends_on


class PhoneForm(FormModel):
    """The own phone number; without one, the member number serves for signing in."""

    phone: Phone | None = None


class NewsForm(FormModel):
    """Up to which audit entry the notice was read."""

    until: UUID


class DepartureForm(FormModel):
    """The first day on which somebody is no longer in the branch."""

    left_on: Day


class MoveForm(FormModel):
    """The branch a member moves to: by its id once both have been seen; a name leads to the page that shows them."""

    branch: str = Field(min_length=1, max_length=80)
    group_id: UUID | None = None


def _not_before(day: str | None, other: str, info: ValidationInfo, sentence: str) -> str | None:
    """``day``, unless it lies before what the field ``other`` says and one of them is new."""
    earlier = info.data.get(other)
    is_known = (day, earlier) == (_known(info, info.field_name), _known(info, other))
    if day and earlier and is_before(day, earlier) and not is_known:
        raise ValueError(sentence)
    return day


def _known(info: ValidationInfo, field: str | None) -> object:
    """What stands in ``field`` already, if the form is about something known."""
    return (info.context or {}).get(field)

"""What the columns under some headings mean: remembered for a branch or a committee, used again, said anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, bindparam, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext as _
from app.core.tables import Header
from app.features.education.rules import HoursClass
from app.features.imports.models import Upload
from app.features.members.actor import Actor
from app.features.study.lists.mapping import BadMappingError, Column, Headings
from app.features.study.lists.models import HoursEntry, HoursImport, ImportPerson, ImportProfile
from app.features.study.lists.planning import PlannedRow, number_of

_OF: Final = select(ImportProfile).where(
    ImportProfile.organisation_id == bindparam("place"), ImportProfile.fingerprint == bindparam("fingerprint")
)
_PEOPLE: Final = (
    select(ImportPerson.number, ImportPerson.member_id)
    .join(ImportProfile, ImportProfile.id == ImportPerson.profile_id)
    .where(ImportProfile.organisation_id == bindparam("place"), ImportProfile.fingerprint == bindparam("fingerprint"))
)
_OTHER_KIND: Final = select(
    exists().where(
        HoursEntry.import_id == HoursImport.id,
        HoursImport.organisation_id == bindparam("place"),
        HoursImport.fingerprint == bindparam("fingerprint"),
        HoursImport.is_cumulative != bindparam("is_cumulative", type_=Boolean()),
        HoursEntry.taken_back_at.is_(None),
    )
)
_MAPPING: Final = "mapping"


class NoDayError(BadInputError):
    """A list without days, and nobody says of when it is."""

    code = "no_day"
    field = "as_of"
    message = _("No column says a day. Say of which day the list is, not later than today.")


class OtherKindError(BadMappingError):
    """Hours of these lists stand already, and are of the other kind."""

    code = "other_kind"
    field = "is_cumulative"
    message = _(
        "Hours with these headings stand already, and were said to be of the other kind: totals that grow, or not. "
        "Take those back first, so that nothing counts twice."
    )


@dataclass(frozen=True, slots=True)
class ListChoices:
    """What holds for a list as a whole; it stands in the ``choices`` of its upload."""

    source: str
    hours_class: HoursClass
    is_cumulative: bool
    as_of: date | None = None
    is_remembered: bool = False
    """Whether it was said at an earlier list."""

    def choices(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "source": self.source,
            "hours_class": self.hours_class.value,
            "is_cumulative": self.is_cumulative,
            "as_of": self.as_of and self.as_of.isoformat(),
            "is_remembered": self.is_remembered,
        }


def said(upload: Upload) -> ListChoices | None:
    """What is said of a list; ``None`` before somebody has."""
    if (kept := upload.choices.get(_MAPPING)) is None:
        return None
    as_of = kept["as_of"] and date.fromisoformat(kept["as_of"])
    return ListChoices(**{**kept, "hours_class": HoursClass(kept["hours_class"]), "as_of": as_of})


def fingerprint(upload: Upload) -> str:
    """That of its headings."""
    return str(upload.choices["fingerprint"])


def left_out(upload: Upload) -> Sequence[str]:
    """The headings whose columns were not read."""
    return [str(text) for text in upload.choices["left_out"]]


def settle(session: Session, upload: Upload, header: Header[Column]) -> Header[Column]:
    """Let the columns mean what was said at an earlier list with these headings; of none yet, nothing."""
    headings = Headings(header.headings)
    upload.choices = {**upload.choices, "fingerprint": headings.fingerprint, "left_out": headings.left_out}
    profile = of(session, upload)
    if profile is None:
        return header
    columns = headings.places(profile.mapping)
    if Column.DAY in columns:
        known = ListChoices(profile.source, profile.hours_class, profile.is_cumulative, is_remembered=True)
        upload.choices = {**upload.choices, _MAPPING: known.choices()}
    return replace(header, columns=columns)


def of(session: Session, upload: Upload) -> ImportProfile | None:
    """What was said at an earlier list with these headings, in the same branch or committee."""
    asked = {"place": upload.place_id, "fingerprint": fingerprint(upload)}
    return session.scalars(_OF, asked).one_or_none()


def say(
    session: Session,
    actor: Actor,
    upload: Upload,
    header: Header[Column],
    *,
    columns: Sequence[Column | None],
    new: ListChoices,
) -> Header[Column]:
    """Let the columns of a held upload mean this, and remember it for the next list with these headings.

    Raises:
        BadMappingError: no row can be read with it.
        NoDayError: neither a column nor anybody says a day that has come.
        OtherKindError: hours stand that were said to be, or not to be, totals that grow.
    """
    headings = Headings(header.headings)
    mapping = headings.mapping(columns)
    check_kind(session, upload, is_cumulative=new.is_cumulative)
    places = headings.places(mapping)
    if Column.DAY in places:
        new = replace(new, as_of=None)
    elif new.as_of is None or new.as_of > clock.today():
        raise NoDayError
    profile = of(session, upload)
    if profile is None:
        place = {"organisation_id": upload.place_id, "fingerprint": headings.fingerprint}
        profile = ImportProfile(**place)
        session.add(profile)
    profile.source, profile.mapping, profile.hours_class = new.source, mapping, new.hours_class
    profile.is_cumulative, profile.said_by_id, profile.said_at = new.is_cumulative, actor.member_id, clock.now()
    session.flush()
    upload.choices = {**upload.choices, _MAPPING: new.choices()}
    return replace(header, columns=places)


def check_kind(session: Session, upload: Upload, *, is_cumulative: bool) -> None:
    """Let hours be totals that grow, or not, as those are that stand under these headings.

    Raises:
        OtherKindError: some stand that are of the other kind, whose hours would count twice.
    """
    asked = {"place": upload.place_id, "fingerprint": fingerprint(upload), "is_cumulative": is_cumulative}
    if session.scalar(_OTHER_KIND, asked):
        raise OtherKindError


def people(session: Session, upload: Upload) -> Mapping[str, UUID]:
    """Who was chosen for which numbers of these lists."""
    asked = {"place": upload.place_id, "fingerprint": fingerprint(upload)}
    return {row.number: row.member_id for row in session.execute(_PEOPLE, asked)}


def remember(session: Session, upload: Upload, rows: Sequence[PlannedRow], chosen: Mapping[str, str]) -> None:
    """Keep by their numbers who was chosen on the page; by a name nobody is remembered."""
    profile = of(session, upload)
    picked = {number_of(one): one.who.id for one in rows if one.who and one.row.place in chosen and number_of(one)}
    if profile is None or not picked:
        return
    for number, member_id in sorted(picked.items()):
        session.merge(ImportPerson(profile_id=profile.id, number=number, member_id=member_id))
    session.flush()

"""Whose rights rest, who is left out at one meeting, and that two say so. Source: domain, meetings §1, §2, §11."""

from datetime import date
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.meetings.attendance.rules import Kind
from app.features.members.rules import Role

SEE_RIGHTS: Final = frozenset({Role.SECRETARY, Role.DISCIPLINE})
"""Who enters and confirms that somebody's rights rest, and alone knows whose."""


class Rests(Word):
    """Why somebody's rights rest."""

    PROBATION = "probation", _("Party membership under probation")
    SUSPENDED = "suspended", _("Rights suspended (detained or arrested)")


class Reason(Word):
    """Why somebody may be left out of those who should come, for one meeting. The sixth holds for elections alone."""

    WILL = "1", _("Mentally ill, cannot say what is wanted")
    ABROAD = "2", _("Abroad at own expense for six months or more")
    DETAINED = "3", _("Serving a sentence or detained, without a decision on membership")
    BEDRIDDEN = "4", _("Bedridden by age or long illness")
    ELSEWHERE = "5", _("Works or studies elsewhere for six months or more, and the relation did not move")
    RETIRED = "6", _("Retired to the home town, and the relation did not move (elections only)")


class WaitsAlreadyError(ConflictError):
    message = _("For this person something waits already, or stands. Look at the list first.")
    field = "member_id"


class EndsBeforeError(BadInputError):
    message = _("The last day lies before the first.")
    field = "ends_on"


class ConsentLaterError(BadInputError):
    message = _("The superior's consent is given before the meeting. Please check the day.")
    field = "consented_on"


class NoVotesError(ConflictError):
    message = _("Only at a members' meeting or a committee meeting of one branch is anything voted on.")


def check_votes(kinds: frozenset[Kind]) -> None:
    """Let a meeting pass at which a branch or its committee votes; never a joint one. Source: §3, §7."""
    if Kind.JOINT in kinds or kinds.isdisjoint({Kind.MEMBERS_MEETING, Kind.COMMITTEE}):
        raise NoVotesError


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Let days pass that follow each other."""
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeError

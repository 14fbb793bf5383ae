"""What a vote is about, by which clause, and what cannot be. The votes themselves: ``votes/rules.py``."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.votes.rules import (
    LONGEST_EXTENSION,
    SHORTEST_EXTENSION,
    Count,
    Matter,
    VoteOutcome,
    VoteResult,
    Written,
    candidates_needed,
    verdict,
)

WORDING_LENGTH: Final = 300
NAME_LENGTH: Final = 40
REASON_LENGTH: Final = 200
EXTENSION_MONTHS: Final = range(SHORTEST_EXTENSION, LONGEST_EXTENSION + 1)
OF_PROBATION: Final = (Matter.CONVERSION, Matter.EXTENSION, Matter.CANCELLATION)
"""Matters about a probationary member of the branch; an admission is about somebody who is none yet."""
VOTED_AT: Final = {
    Kind.COMMITTEE: (Matter.COMMITTEE,),
    Kind.MEMBERS_MEETING: tuple(m for m in Matter if m != "committee"),
}
"""What is voted on at which item."""
CLAUSES: Final[dict[Matter, LazyText]] = {
    Matter.ORDINARY: _(
        "Regulations on the work of Party branches, Art. 11: at least half of those with a vote must come; carried "
        "with more than half of those who should come."
    ),
    Matter.ELECTION: _(
        "Regulations on elections in primary organisations: at least four fifths of those who should come must be "
        "there; elected with more than half of those who came."
    ),
    Matter.COMMITTEE: _(
        "Regulations on the work of Party branches, Art. 12: at least half of the committee must come. Carried with "
        "more than half of its members: a rule of this unit."
    ),
} | dict.fromkeys(
    (Matter.ADMISSION, *OF_PROBATION),
    _(
        "Rules on the admission of Party members, Art. 20, 21 and 33: more than half of those with a vote must come; "
        "carried with more than half of those who should come, written opinions handed in before included."
    ),
)


class JointError(ConflictError):
    """Several branches meet jointly: resolutions belong to one. Source: §3."""

    message = _("No vote is taken at a joint event. Plan a meeting of your own branch and link the two.")


class CountsChangedError(ConflictError):
    message = _("By now %(n)s have a vote and %(present)s of them came. Look once more, then save.")


class NotRecordedError(ConflictError):
    message = _("Record first who was there: those who came are counted from the list of attendance.")


class TooEarlyToConvertError(ConflictError):
    message = _("Probation ends on %(first)s: a vote on becoming a full member is possible from that day on.")
    field = "about_id"

    def __init__(self, first: date) -> None:
        super().__init__(first=first)


class ExtendedAlreadyError(ConflictError):
    message = _("The probation of this member was made longer already; that is possible once.")
    field = "about_id"


class AboutMissingError(BadInputError):
    message = _("Say about whom it is: one person at a time.")

    def __init__(self, *, at: str = "about_id") -> None:
        self.field = at
        super().__init__()


class AdmittedMissingError(BadInputError):
    message = _("The roster does not know the day of the admission exactly. Please enter it.")
    field = "admitted_on"


class CountsMissingError(BadInputError):
    message = _("Please say how many voted for it.")
    field = "yes"


class OutOfRoomError(BadInputError):
    message = _("More people are out of the room than came.")
    field = "out_of_room"


class Office(Word):
    """What is elected."""

    COMMITTEE = "committee", _("Committee members")
    SECRETARY = "secretary", _("Secretary")
    DEPUTY = "deputy", _("Deputy secretary")
    DELEGATES = "delegates", _("Delegates")


COMMITTEE_FROM: Final = 7
"""Full members from which a branch has a committee; a smaller one elects a secretary and perhaps a deputy."""
MORE_CANDIDATES: Final = frozenset({Office.COMMITTEE, Office.DELEGATES})
"""Where the first round asks for a fifth more candidates than seats. Source: domain, meetings §7, §15."""


class TooSmallForCommitteeError(ConflictError):
    message = _("With fewer than %(from_)s full members the branch elects a secretary and, if need be, a deputy.")
    field = "office"


class OneSeatError(BadInputError):
    message = _("One person is elected as this: one seat.")
    field = "seats"


class TooFewCandidatesError(BadInputError):
    message = _("For %(seats)s seats there must be at least %(needed)s candidates.")
    field = "candidate_ids"


class NoFurtherRoundError(ConflictError):
    message = _("No further round is left to hold here.")


class RoundFollowsError(ConflictError):
    message = _("The next round is called from this result: it can be corrected no more. Call the election anew.")


def candidates_at_least(office: Office, seats: int) -> int:
    """How many candidates the first round needs."""
    return candidates_needed(seats) if office in MORE_CANDIDATES else seats


class CorrectedAlreadyError(ConflictError):
    message = _("Of this result a correction waits already, or another one stands. Look at it first.")


_VOTES: Final = ("yes", "no", "abstain")
_WRITTEN: Final = ("written_yes", "written_no", "written_abstain")
COUNTS: Final = (*_VOTES, *_WRITTEN)
"""What the form of a vote says of the votes."""


def as_kept(outcome: VoteOutcome | None, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The votes as a result keeps them: below the quorum the written ones alone."""
    voted = {} if outcome is VoteOutcome.NO_QUORUM else {name: counts.get(name) for name in _VOTES}
    return voted | {name: counts.get(name) or 0 for name in _WRITTEN}


def verdict_of(matter: Matter, *, n: int, present: int, counts: Mapping[str, Any]) -> VoteResult:
    """What the votes of a form come to.

    Raises:
        CountsMissingError: it may be held, and nobody has counted.
        ImpossibleError: numbers that do not add up.
    """
    given = {name: counts.get(name) or 0 for name in COUNTS}
    written = Written(*(given[name] for name in _WRITTEN))
    count = Count(counts.get("yes"), given["no"], given["abstain"])
    found = verdict(matter, n=n, present=present, count=count, written=written)
    if found.outcome is None:
        raise CountsMissingError
    return found

"""Votes of a branch: who counts, how many must come, what carries. Compared by multiplication, never by rounding."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.months import months_later
from app.core.words import Word


class Matter(Word):
    """What is voted on. Source: domain, meetings §7."""

    ORDINARY = "ordinary", _("An ordinary matter")
    ADMISSION = "admission", _("Admission of a member")
    CONVERSION = "conversion", _("Becoming a full member")
    EXTENSION = "extension", _("Longer probation")
    CANCELLATION = "cancellation", _("End of probation without becoming a member")
    ELECTION = "election", _("Election")
    COMMITTEE = "committee", _("A matter of the committee")


ABOUT_ONE_PERSON: Final = frozenset({Matter.ADMISSION, Matter.CONVERSION, Matter.EXTENSION, Matter.CANCELLATION})
"""More than half must come, written opinions count, one person at a time. Source: 发展党员工作细则, Art. 20, 21, 33."""
REASONS: Final = range(1, 7)
"""Why somebody may be left out of those who should come; the sixth holds for elections alone. Source: §2."""
NEAR_TIE: Final = 1
"""Difference of the two sides at which Art. 17 of the Party constitution is pointed to. Source: §7, §15."""


class VoteOutcome(Word):
    """What a vote came to."""

    NO_QUORUM = "no_quorum", _("Too few came, nothing was decided")
    CARRIED = "carried", _("Carried")
    NOT_CARRIED = "not_carried", _("Not carried")
    ELECTED = "elected", _("Elected")
    NOT_ELECTED = "not_elected", _("Not elected")


class Broken(Word):
    """What about a vote cannot be."""

    REASON = "unknown_reason", _("There are six reasons for which somebody is not counted; choose one of them.")
    LEFT_OUT = "more_left_out_than_members", _("More people are left out than the branch has full members.")
    NOBODY = "nobody_entitled", _("Nobody is entitled to vote here.")
    PRESENT = "more_present_than_entitled", _("More people are present than are entitled to vote.")
    VOTES = "more_votes_than_present", _("For, against and abstentions are together more than the people present.")
    WRITTEN = "more_written_than_absent", _("There are more written opinions than people who did not come.")
    SEATS = "nothing_to_elect", _("An election needs at least one seat and one person who votes.")
    ISSUED = "more_issued_than_present", _("More ballots were given out than people are present.")
    INVALID = "more_invalid_than_collected", _("There are more invalid ballots than were collected.")
    BALLOTS = "more_votes_than_ballots", _("There are more votes than the valid ballots can hold.")
    EXTENSION = "extension_of_6_to_12_months", _("Probation can be made longer once, by 6 to 12 months.")


@dataclass(frozen=True, slots=True)
class NotCounted:
    """People left out of those who should come, for one meeting and one reason."""

    reason: int
    consent: str = ""
    """Number of the superior's consent; without it they stay among those who should come."""
    adopted: bool = False
    """Whether the meeting took it over."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """The votes of entitled people in the room; ``yes`` is ``None`` while nothing was counted."""

    yes: int | None = None
    no: int | None = None
    abstain: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Written opinions handed in before the meeting by entitled people who did not come."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def people(self) -> int:
        """How many wrote."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class Need:
    """What a vote needs, said before it is held."""

    n: int
    """How many should come with a vote (of the committee: its members)."""
    present: int
    """At least so many of them must come."""
    yes: int
    """At least so many must agree."""


@dataclass(frozen=True, slots=True)
class VoteResult:
    """What came of a vote, with what it needed."""

    need: Need
    held: bool
    outcome: VoteOutcome | None
    """``None``: it may be held, and nobody has counted yet."""
    near_tie: bool = False
    """The outcome stays as counted; putting the matter off may be wiser (党章 Art. 17)."""


def left_out(matter: Matter, people: Collection[NotCounted]) -> int:
    """How many of ``people`` are taken from those who should come. ``ImpossibleError``: no such reason.

    Only in elections and where the vote is about one person, with the superior's consent and adopted by the meeting;
    everybody else who cannot come stays among them. Source: §2.
    """
    if any(one.reason not in REASONS for one in people):
        raise ImpossibleError(Broken.REASON)
    if matter is not Matter.ELECTION and matter not in ABOUT_ONE_PERSON:
        return 0
    last = REASONS[-1] if matter is Matter.ELECTION else REASONS[-2]
    return sum(one.count for one in people if one.adopted and one.consent.strip() and one.reason <= last)


def entitled(matter: Matter, *, full: int, no_rights: int = 0, not_counted: Collection[NotCounted] = ()) -> int:
    """N: full members, without those whose rights rest, without those left out. Source: §2.

    Raises:
        ImpossibleError: more are taken away than there are, or nobody is left.
    """
    out = left_out(matter, not_counted)
    if no_rights > full or sum(one.count for one in not_counted) > full - no_rights:
        raise ImpossibleError(Broken.LEFT_OUT)
    if (n := full - no_rights - out) < 1:
        raise ImpossibleError(Broken.NOBODY)
    return n


def need(matter: Matter, *, n: int, present: int) -> Need:
    """How many must come and agree. An election needs more than half of those who came. Source: §7."""
    half, more_than_half = (n + 1) // 2, n // 2 + 1
    if matter is Matter.ELECTION:
        return Need(n, present=-(-4 * n // 5), yes=present // 2 + 1)
    return Need(n, present=more_than_half if matter in ABOUT_ONE_PERSON else half, yes=more_than_half)


def verdict(matter: Matter, *, n: int, present: int, count: Count, written: Written = Written()) -> VoteResult:
    """What the counted votes come to. Written opinions count where the vote is about one person, never as present.

    Raises:
        ImpossibleError: more came than are entitled, or more votes than people.
    """
    if present > n:
        raise ImpossibleError(Broken.PRESENT)
    if (count.yes or 0) + (count.no or 0) + count.abstain > present:
        raise ImpossibleError(Broken.VOTES)
    if present + written.people > n:
        raise ImpossibleError(Broken.WRITTEN)
    needed = need(matter, n=n, present=present)
    if present < needed.present:
        return VoteResult(needed, held=False, outcome=VoteOutcome.NO_QUORUM)
    if count.yes is None:
        return VoteResult(needed, held=True, outcome=None)
    counted = written if matter in ABOUT_ONE_PERSON else Written()
    yes = count.yes + counted.yes
    near = count.no is not None and abs(yes - count.no - counted.no) <= NEAR_TIE
    carried = yes >= needed.yes
    if matter is Matter.ELECTION:
        return VoteResult(
            needed, held=True, outcome=VoteOutcome.ELECTED if carried else VoteOutcome.NOT_ELECTED, near_tie=near
        )
    return VoteResult(
        needed, held=True, outcome=VoteOutcome.CARRIED if carried else VoteOutcome.NOT_CARRIED, near_tie=near
    )


@dataclass(frozen=True, slots=True)
class Ballots:
    """The ballots of one round."""

    issued: int
    collected: int
    too_many: int = 0
    """With more names than seats: invalid. Fewer names are valid."""


@dataclass(frozen=True, slots=True)
class Elected:
    """What a round of an election came to."""

    candidates_needed: int
    """In the first round of electing a committee or delegates. Source: §7, §15."""
    needs: int
    held: bool
    void: bool
    valid_ballots: int
    elected: Sequence[str] = ()
    tied: Sequence[str] = ()
    """Vote again, among them alone."""
    tied_for: int = 0
    vacant: int = 0
    """Seats that nobody reached: a second round for the rest, or left vacant by vote."""


def candidates_needed(seats: int) -> int:
    """A fifth more than there are seats, rounded up. Source: §7."""
    return seats + -(-seats // 5)


def elect(*, entitled_people: int, present: int, seats: int, votes: Mapping[str, int], ballots: Ballots) -> Elected:
    """Count a round: who has more than half of those who came, most votes first. Source: §7.

    Raises:
        ImpossibleError: numbers that do not add up.
    """
    if seats < 1 or entitled_people < 1:
        raise ImpossibleError(Broken.SEATS)
    if present > entitled_people:
        raise ImpossibleError(Broken.PRESENT)
    if ballots.issued > present:
        raise ImpossibleError(Broken.ISSUED)
    if ballots.too_many > ballots.collected:
        raise ImpossibleError(Broken.INVALID)
    held, void = 5 * present >= 4 * entitled_people, ballots.collected > ballots.issued
    valid = 0 if void else ballots.collected - ballots.too_many
    needs, candidates = present // 2 + 1, candidates_needed(seats)
    if void or not held:
        return Elected(candidates, needs, held=held, void=void, valid_ballots=valid, vacant=seats)
    if any(yes > valid for yes in votes.values()) or sum(votes.values()) > valid * seats:
        raise ImpossibleError(Broken.BALLOTS)
    reached = sorted((name for name, yes in votes.items() if yes >= needs), key=lambda name: -votes[name])
    last = votes[reached[seats - 1]] if len(reached) > seats else 0
    tie = bool(last) and votes[reached[seats]] == last
    elected = [name for name in reached if votes[name] > last] if tie else reached[:seats]
    tied = [name for name in reached if votes[name] == last] if tie else []
    return Elected(
        candidates,
        needs,
        held=True,
        void=False,
        valid_ballots=valid,
        elected=elected,
        tied=tied,
        tied_for=seats - len(elected) if tie else 0,
        vacant=max(0, seats - len(reached)),
    )


SHORTEST_EXTENSION: Final = 6
LONGEST_EXTENSION: Final = 12


def first_day_of_conversion(admitted_on: date, extended_months: int = 0) -> date:
    """The day probation ends, from which 党龄 counts even where the meeting is later: a year after admission.

    Source: §7. It may be made longer once, by six to twelve months.

    Raises:
        ImpossibleError: an extension outside these months.
    """
    if extended_months and not SHORTEST_EXTENSION <= extended_months <= LONGEST_EXTENSION:
        raise ImpossibleError(Broken.EXTENSION)
    return months_later(admitted_on, 12 + extended_months)

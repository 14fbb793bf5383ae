"""What a row of a roster says, what can be wrong with it, and what an import would do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext
from app.features.imports.rows import Note, Problem, ReadRow, Verdict
from app.features.members.rules import ExemptionKind, MemberStatus, Role, Sex
from app.features.members.standing import Side, Weight
from app.features.roster.sheet.columns import Column


class NoOrganError(ConflictError):
    code = "no_organ"
    message = lazy_gettext("This installation has no committee yet. Run “sanliang init” first.")


class MovedOnError(ConflictError):
    code = "moved_on"
    message = lazy_gettext(
        "Somebody else has just changed some of these people. Nothing was imported; look at the preview again, "
        "then confirm."
    )


class ProblemCode(StrEnum):
    """Why a row waits while the others are imported. Other programs read these codes: they never change."""

    MISSING_NAME = "missing_name"
    BAD_NAME = "bad_name"
    MISSING_PHONE = "missing_phone"
    BAD_PHONE = "bad_phone"
    PHONE_TAKEN = "phone_taken"
    NUMBER_TAKEN = "number_taken"
    MISSING_BRANCH = "missing_branch"
    UNKNOWN_BRANCH = "unknown_branch"
    AMBIGUOUS_BRANCH = "ambiguous_branch"
    BAD_DATE = "bad_date"
    TOO_LONG = "too_long"
    DUPLICATE_ROW = "duplicate_row"
    AMBIGUOUS_PERSON = "ambiguous_person"
    HAS_LEFT = "has_left"
    UNKNOWN_STATUS = "unknown_status"
    NOT_A_MEMBER = "not_a_member"
    BELOW_LEAVERS = "below_leavers"
    CUT_NUMBER = "cut_number"
    IDENTITY_CARD = "identity_card"


class NoteCode(StrEnum):
    """What is worth a look although the row is imported."""

    JOINED_BEFORE_BIRTH = "joined_before_birth"
    JOINED_YOUNG = "joined_young"
    IN_THE_FUTURE = "in_the_future"
    CONFIRMED_EARLY = "confirmed_early"
    OCTOBER_GUESSED = "october_guessed"
    UNKNOWN_POST = "unknown_post"
    UNKNOWN_SEX = "unknown_sex"
    SEX_DIFFERS = "sex_differs"
    STATUS_DIFFERS = "status_differs"
    ODD_NAME = "odd_name"
    LOST_CHARACTER = "lost_character"
    PHONE_PICKED = "phone_picked"
    DAY_NUMBER = "day_number"
    SECRETARY_HELD = "secretary_held"
    POST_TWICE = "post_twice"
    LEADER_WITHOUT_GROUP = "leader_without_group"
    OWN_RECORD = "own_record"
    POSTS_BY_VOTE = "posts_by_vote"
    FROM_ABOVE = "from_above"
    MATCHED_BY_NAME = "matched_by_name"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of a person. ``None`` or an empty text means that it says nothing, and changes nothing."""

    name: str = ""
    branch: str = ""
    group: str = ""
    phone: str | None = None
    member_number: str = ""
    sex: Sex | None = None
    born: str | None = None
    joined: str | None = None
    confirmed: str | None = None
    status: MemberStatus | None = None
    roles: frozenset[Role] | None = None
    post: str = ""
    note: str = ""
    exemption: ExemptionKind | None = None


RosterRow = ReadRow[Entry]
"""A row of the file that speaks of a person."""


@dataclass(frozen=True, slots=True)
class ExistingBranch:
    """A branch the importing person looks after."""

    id: UUID
    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExistingMember:
    """A member the importing person looks after; an entry with the same words changes nothing."""

    id: UUID
    entry: Entry
    exemptions: frozenset[ExemptionKind] = frozenset()
    has_left: bool = False
    weight: Weight = Weight.LIGHT
    """Of all posts, those above the branches too."""


@dataclass(frozen=True, slots=True)
class ExistingSecretary:
    """Who holds a branch's first post, whether a file names them or not."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ExistingRoster:
    """What is known before the import, within reach of who imports.

    ``members`` may leave out everybody whose name, phone and member number no row of the file has.
    """

    branches: tuple[ExistingBranch, ...] = ()
    members: tuple[ExistingMember, ...] = ()
    home: str = ""
    """The branch of rows that name none; empty where each row has to say it."""
    importer_id: UUID | None = None
    """Who imports, and decides nothing about the own posts; ``None`` for a command on the server."""
    home_side: Side = Side.BESIDE
    """Where who imports stands towards the branch ``own_branch``; above all others, as far as they are in reach."""
    own_branch: str = ""
    secretaries: Mapping[str, ExistingSecretary] = field(default_factory=dict)
    """Who is secretary of each branch, by the branch's name."""
    phones_elsewhere: frozenset[str] = frozenset()
    """Numbers of members in branches out of reach."""
    numbers_elsewhere: frozenset[str] = frozenset()


def side_towards(existing: ExistingRoster, branch: str) -> Side:
    """Where who imports stands towards this branch."""
    return existing.home_side if branch == existing.own_branch else Side.ABOVE


@dataclass(frozen=True, slots=True)
class Change:
    """A field that would read ``after`` instead of ``before``; both in the words of the outgoing file."""

    column: Column
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would be done with it."""

    row: RosterRow
    entry: Entry
    """All that would stand about the member afterwards; of a row with a problem, only what it says."""
    verdict: Verdict
    member_id: UUID | None = None
    changes: tuple[Change, ...] = ()
    exempts: ExemptionKind | None = None
    """An exemption that would begin."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; nothing is written by making one."""

    rows: tuple[PlannedRow, ...]
    new_branches: tuple[str, ...] = ()

    def having(self, verdict: Verdict) -> tuple[PlannedRow, ...]:
        """The rows with ``verdict``, in the order of the file."""
        return tuple(row for row in self.rows if row.verdict is verdict)

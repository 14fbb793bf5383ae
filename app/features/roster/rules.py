"""What a row of a roster says, what can be wrong with it, and what an import would do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.imports.rows import Note, Problem, ReadRow, RowVerdict
from app.features.members.rules import ExemptionKind, MemberStatus, Role, Sex
from app.features.members.standing import Side, Weight
from app.features.roster.sheet.columns import Column


class NoOrganError(ConflictError):
    message = _("This installation has no committee yet. Run “sanliang init” first.")


class MovedOnError(ConflictError):
    message = _(
        "Somebody else has just changed some of these people. Nothing was imported; look at the preview again, "
        "then confirm."
    )


class ProblemCode(Word):
    """Why a row waits while the others are imported. Other programs read these codes: they never change."""

    MISSING_NAME = "missing_name", _("The name is missing. Write it in.")
    BAD_NAME = "bad_name", _("“%(typed)s” is no name. Write the name in.")
    MISSING_PHONE = (
        "missing_phone",
        _("The mobile number is missing. Write it in, or a member number for somebody without a phone."),
    )
    BAD_PHONE = "bad_phone", _("“%(typed)s” is no mobile number. Write the 11 digits, beginning with 1, of one number.")
    PHONE_TAKEN = (
        "phone_taken",
        _(
            "%(phone)s is already the number of %(owner)s. Find out whose it is and correct it in one of the two "
            "places."
        ),
    )
    NUMBER_TAKEN = (
        "number_taken",
        _("The member number %(number)s already belongs to %(owner)s. Find out whose it is and correct it."),
    )
    MISSING_BRANCH = "missing_branch", _("The branch is missing. Write its name in.")
    UNKNOWN_BRANCH = (
        "unknown_branch",
        _("“%(branch)s” is none of the branches you look after. Correct the name, or have the branch created first."),
    )
    AMBIGUOUS_BRANCH = (
        "ambiguous_branch",
        _("More than one branch could be meant by “%(branch)s”. Write its name in full."),
    )
    BAD_DATE = (
        "bad_date",
        _("“%(typed)s” under %(column)s is no date. Write it like 2014-07-05, or 2014-07 if the day is not known."),
    )
    DUPLICATE_ROW = "duplicate_row", _("The same person stands in row %(row)s already. Keep one of the two rows.")
    AMBIGUOUS_PERSON = (
        "ambiguous_person",
        _(
            "More than one %(name)s in %(branch)s could be meant. Write the mobile number or member number that is "
            "known."
        ),
    )
    HAS_LEFT = (
        "has_left",
        _("%(name)s has left the branch. If this is a return, take the member back on the member's page first."),
    )
    UNKNOWN_STATUS = (
        "unknown_status",
        _("“%(typed)s” does not say whether this is a full or a probationary member. Write 正式党员 or 预备党员."),
    )
    NOT_A_MEMBER = (
        "not_a_member",
        _("“%(typed)s” is no member of the Party, or no longer one of this branch. Leave the row out."),
    )
    BELOW_LEAVERS = (
        "below_leavers",
        _("This row stands below “%(section)s”. Leave it out, or move it up if this member belongs here."),
    )
    CUT_NUMBER = (
        "cut_number",
        _(
            "Excel has cut the number under %(column)s (%(typed)s): it keeps 15 digits. Format the column as text and "
            "write the number in again."
        ),
    )
    IDENTITY_CARD = (
        "identity_card",
        _("Under %(column)s stands the number of an identity card, which is not kept here. Take it out."),
    )


class NoteCode(Word):
    """What is worth a look although the row is imported."""

    JOINED_BEFORE_BIRTH = "joined_before_birth", _("Joined the Party (%(joined)s) before being born (%(born)s)?")
    JOINED_YOUNG = "joined_young", _("Joined the Party at %(age)s, before 18?")
    IN_THE_FUTURE = "in_the_future", _("%(typed)s under %(column)s is still to come?")
    CONFIRMED_EARLY = "confirmed_early", _("Full member (%(confirmed)s) before joining (%(joined)s)?")
    OCTOBER_GUESSED = (
        "october_guessed",
        _("%(typed)s under %(column)s is read as October: Excel cuts the 0 of “.10”. January would be “.01”."),
    )
    UNKNOWN_POST = "unknown_post", _("“%(typed)s” is no post known here; it is kept in the remarks.")
    UNKNOWN_SEX = "unknown_sex", _("“%(typed)s” is not read as 男 or 女; the field stays as it is.")
    SEX_DIFFERS = "sex_differs", _("“%(typed)s” beside “%(column)s”: what the name says is taken.")
    STATUS_DIFFERS = "status_differs", _("“%(typed)s” beside “%(column)s”: what the column says is taken.")
    ODD_NAME = "odd_name", _("Is “%(typed)s” the whole name?")
    LOST_CHARACTER = "lost_character", _("A character of “%(typed)s” was lost in the file. Write it in.")
    PHONE_PICKED = "phone_picked", _("Of “%(typed)s” only %(phone)s is taken.")
    DAY_NUMBER = (
        "day_number",
        _("%(typed)s under %(column)s is a day number of Excel: %(day)s. Was a year and a month meant?"),
    )
    SECRETARY_HELD = (
        "secretary_held",
        _(
            "%(name)s is secretary of this branch, so the post is not given. At a handover, write 党员 in the former "
            "secretary's row."
        ),
    )
    POST_TWICE = "post_twice", _("%(name)s stands in this file as %(role)s of the same branch. Are there two?")
    LEADER_WITHOUT_GROUP = (
        "leader_without_group",
        _("A group leader without a group: write the group in, and the post is given."),
    )
    OWN_RECORD = (
        "own_record",
        _("Your own posts, status, branch and exemptions stay as they are: another officer decides on them."),
    )
    POSTS_BY_VOTE = (
        "posts_by_vote",
        _(
            "Posts that decide are no matter of a file: they stay as they are. Give or end them on the member's page; "
            "a second person confirms, or the committee above does it."
        ),
    )
    FROM_ABOVE = (
        "from_above",
        _(
            "%(name)s holds a post that decides here or stands above yours: mobile number, member number, branch and "
            "exemption stay as they are. The committee above the branch changes them."
        ),
    )
    MATCHED_BY_NAME = (
        "matched_by_name",
        _("Found by name and branch: the mobile number changes from %(before)s to %(after)s. Is it the same person?"),
    )
    EXEMPT = "exempt", _("The remark makes this member exempt: %(kind)s.")


SENTENCES: Final = dict(ProblemCode.choices())


def note_sentence(note: Note) -> str:
    """What is worth a look."""
    values: dict[str, object] = dict(note.values)
    if note.code is NoteCode.EXEMPT:
        values["kind"] = ExemptionKind(note.values["kind"]).label
    if note.code is NoteCode.POST_TWICE:
        values["role"] = Role(note.values["role"]).label
    return NoteCode(note.code).label % values


@dataclass(frozen=True, slots=True)
class ReadPerson:
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


RosterRow = ReadRow[ReadPerson]
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
    entry: ReadPerson
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
    entry: ReadPerson
    """All that would stand about the member afterwards; of a row with a problem, only what it says."""
    verdict: RowVerdict
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

    def having(self, verdict: RowVerdict) -> tuple[PlannedRow, ...]:
        """The rows with ``verdict``, in the order of the file."""
        return tuple(row for row in self.rows if row.verdict is verdict)

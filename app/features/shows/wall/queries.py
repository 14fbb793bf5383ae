"""What a branch sees of all its cards, also as a file. Lists go by group and pinyin; the statements are few."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.members import queries as members
from app.features.shows.cards import consents as public
from app.features.shows.cards import queries as cards
from app.features.shows.cards.rules import Face
from app.features.shows.duties import queries as duties
from app.features.shows.duties.rules import OPEN_STATES
from app.features.shows.duties.view import ShownDuty
from app.features.shows.pledges import queries as pledges
from app.features.shows.pledges.calendar import QUARTERS
from app.features.shows.pledges.coverage import coverage
from app.features.shows.pledges.view import ShownPledge
from app.features.shows.wall.rules import DUTIES_ON_SHEET, DUTIES_WHEN_FULL, Room, room

_BESIDE_SIGN, _BESIDE_MATTER = 20, 24
"""Signs of side, day and state in the small text of a pledge, beside its own sign, and of a duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The three faces of one card."""

    face: Face
    pledges: Sequence[ShownPledge]
    """Approved ones."""
    duties: Sequence[ShownDuty]
    token: str | None
    """The address of the public page, while its owner wants one."""

    @property
    def is_empty(self) -> bool:
        """Whether a sheet for the wall would show nothing but who it is."""
        return not (self.pledges or self.duties)

    @property
    def room(self) -> Room:
        """How large its type may be on a sheet for the wall."""
        said = [(len(pledge.text), len(pledge.sign) + _BESIDE_SIGN) for pledge in self.pledges]
        return room(said + [(len(duty.matter), _BESIDE_MATTER) for duty in self._duties_first[:DUTIES_ON_SHEET]])

    @property
    def duties_on_sheet(self) -> Sequence[ShownDuty]:
        """As many as fit: open ones first, then those that have ended, each by due day."""
        return self._duties_first[: DUTIES_WHEN_FULL if self.room is Room.FULL else DUTIES_ON_SHEET]

    @property
    def duties_left_out(self) -> int:
        """How many more there are than fit."""
        return len(self.duties) - len(self.duties_on_sheet)

    @property
    def _duties_first(self) -> list[ShownDuty]:
        return sorted(self.duties, key=lambda duty: (duty.state not in OPEN_STATES, duty.due_on, duty.id))


@dataclass(frozen=True, slots=True)
class Promise:
    """A member of the branch with the year's pledges, for the yearly sheet."""

    name: str
    group_name: str | None
    post: str | None
    pledges: Sequence[ShownPledge]
    """From those waiting for approval on; drafts are their writer's own."""


def wall(session: Session, branch_id: UUID, *, year: int) -> dict[str | None, list[tuple[Face, Sequence[str]]]]:
    """Who is in a branch and what each pledges, by the name of the group, in the order of groups.

    The caller may see the branch.
    """
    texts = pledges.texts_in_branch(session, branch_id, year)
    by_group: dict[str | None, list[tuple[Face, Sequence[str]]]] = {}
    for face in cards.branch_faces(session, branch_id, year=year):
        by_group.setdefault(face.group_name, []).append((face, texts.get(face.member_id, ())))
    return by_group


def some(session: Session, branch_id: UUID, member_ids: Collection[UUID], *, year: int) -> list[Card]:
    """The cards of those of ``member_ids`` who belong to the branch, by group and pinyin."""
    return _cards(session, branch_id, year=year, only=set(member_ids))


def choice(session: Session, branch_id: UUID) -> dict[str | None, list[tuple[UUID, str, bool]]]:
    """Whose card can be printed, by the name of the group: id, name, and whether a code leads to a public page."""
    public_pages = public.tokens(session, branch_id, day=clock.today())
    by_group: dict[str | None, list[tuple[UUID, str, bool]]] = {}
    for person in members.branch_members(session, branch_id):
        by_group.setdefault(person.group_name, []).append((person.id, person.name, person.id in public_pages))
    return by_group


def promises(
    session: Session, branch_id: UUID, *, year: int, member_id: UUID | None = None
) -> tuple[list[Promise], list[str]]:
    """The yearly sheet of a branch, and the names of those without; or that of one member, which names nobody else."""
    covered = coverage(session, branch_id, year)
    found = [
        Promise(person.name, person.group_name, person.post, person.handed_in)
        for person in covered.members
        if person.handed_in and member_id in (None, person.id)
    ]
    return found, covered.without if member_id is None else []


def _cards(session: Session, branch_id: UUID, *, year: int, only: Collection[UUID]) -> list[Card]:
    pledged = pledges.of_branch(session, branch_id, year, only)
    charged = duties.shown_in_branch(session, branch_id, year, only)
    tokens = public.tokens(session, branch_id, day=clock.today())
    return [
        Card(
            face=face,
            pledges=[pledge for pledge in pledged.get(face.member_id, ()) if pledge.is_approved],
            duties=charged.get(face.member_id, ()),
            token=tokens.get(face.member_id),
        )
        for face in cards.branch_faces(session, branch_id, year=year, only=only)
    ]


def promises_file(promises: Sequence[Promise], without: Sequence[str]) -> bytes:
    """An XLSX file: a row for each pledge, and on a second sheet who has none."""
    tables = [Table(_("Pledges and how they were kept"), _headings(), [row for one in promises for row in _rows(one)])]
    if without:
        tables.append(Table(_("None yet"), (_("Name"),), [(name,) for name in without]))
    return write_tables(tables)


def _headings() -> Sequence[str]:
    return (
        _("Group"),
        _("Name"),
        _("Working post"),
        _("Side"),
        _("Pledge"),
        _("Evidence of completion"),
        _("Due"),
        _("Approved"),
        *(_("Q%(n)s") % {"n": quarter} for quarter in QUARTERS),
        _("How it ended"),
        _("In one sentence"),
        _("State"),
    )


def _rows(promise: Promise) -> Iterator[Sequence[Cell]]:
    for pledge in promise.pledges:
        yield (
            promise.group_name,
            promise.name,
            promise.post,
            str(pledge.side.label),
            pledge.text,
            pledge.sign,
            pledge.due_on,
            _approval(pledge),
            *(str(said.label) if (said := pledge.marks.get(quarter)) else None for quarter in QUARTERS),
            str(pledge.outcome_label) or None,
            pledge.said,
            str(pledge.state_label),
        )


def _approval(pledge: ShownPledge) -> str | None:
    if pledge.decided_on is None or not pledge.is_approved:
        return None
    return f"{pledge.decided_by} {day(pledge.decided_on)}"

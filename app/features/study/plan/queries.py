"""Plans as their pages show them: of a branch for its members, of a committee for those who plan below it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Date, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.months import last_of_month
from app.core.rows import IDS, one
from app.core.tables import Table
from app.features.meetings.events import queries as meetings
from app.features.meetings.events.models import MeetingEvent, MeetingItem
from app.features.meetings.events.rules import EventState
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.study.bank import service as bank
from app.features.study.bank.keepers import kept_by
from app.features.study.materials.models import Material
from app.features.study.plan.models import PlanItem, PlanItemMaterial
from app.features.study.plan.rules import Expected, is_done_alone
from app.features.study.rules import StudyKind

OWNER: Final[BindParameter[Any]] = bindparam("owner", type_=Uuid())
MONTH: Final[BindParameter[Any]] = bindparam("month", type_=Date())
_SPEAKER: Final = (
    select(func.min(MeetingItem.speaker)).where(MeetingItem.event_id == PlanItem.event_id).correlate(PlanItem)
)
_LISTED: Final = (
    select(
        PlanItem.id,
        PlanItem.owner_id,
        Organisation.name.label("owner"),
        PlanItem.month,
        PlanItem.title,
        PlanItem.kind,
        PlanItem.expected,
        func.coalesce(PlanItem.speaker, _SPEAKER.scalar_subquery()).label("speaker"),
        PlanItem.event_id,
        PlanItem.adopted_from_id,
        MeetingEvent.begins_at,
        MeetingEvent.state,
    )
    .join(Organisation, Organisation.id == PlanItem.owner_id)
    .outerjoin(MeetingEvent, MeetingEvent.id == PlanItem.event_id)
    .order_by(PlanItem.owner_id, PlanItem.place, PlanItem.id)
)
_OF_MONTH: Final = _LISTED.where(PlanItem.owner_id.in_(IDS), PlanItem.month == MONTH)
_BETWEEN: Final = _LISTED.where(
    PlanItem.owner_id == OWNER, PlanItem.month.between(bindparam("since"), bindparam("until"))
)
_MATERIALS: Final = (
    select(PlanItemMaterial.item_id, Material.id, Material.title)
    .join(Material, Material.id == PlanItemMaterial.material_id)
    .where(PlanItemMaterial.item_id.in_(IDS))
    .order_by(Material.id)
)
_MONTHS: Final = (
    select(PlanItem.month).where(PlanItem.owner_id == OWNER).group_by(PlanItem.month).order_by(PlanItem.month.desc())
)
_TO_STUDY: Final = (
    select(PlanItem.title, PlanItem.kind, PlanItem.event_id)
    .where(PlanItem.owner_id == OWNER, PlanItem.month == MONTH)
    .order_by(PlanItem.place, PlanItem.id)
)
_TOGETHER: Final = (
    select(MeetingEvent.ends_at, MeetingEvent.state)
    .select_from(PlanItem)
    .outerjoin(MeetingEvent, MeetingEvent.id == PlanItem.event_id)
    .where(
        PlanItem.owner_id == OWNER,
        PlanItem.month.between(bindparam("since"), bindparam("until")),
        PlanItem.kind.not_in((StudyKind.SELF_STUDY, StudyKind.ONLINE)),
    )
)
_ONE: Final = select(PlanItem).where(PlanItem.id == bindparam("item"), PlanItem.owner_id.in_(IDS))


class Item(NamedTuple):
    """One line of a plan as it is shown; the columns of ``_LISTED``, and its materials."""

    id: UUID
    owner_id: UUID
    owner: str
    month: date
    title: str
    kind: StudyKind
    expected: Expected
    speaker: str | None
    event_id: UUID | None
    adopted_from_id: UUID | None
    begins_at: datetime | None
    state: EventState | None
    materials: Sequence[AnyRow]
    """Rows ``item_id, id, title``."""

    @property
    def when(self) -> str:
        """The day and hour of its meeting, or that the whole month is there for it."""
        if self.begins_at is None:
            return _("in the course of the month")
        words = formats.moment(self.begins_at)
        return _("%(when)s, called off") % {"when": words} if self.state is EventState.CANCELLED else words

    @property
    def is_done_alone(self) -> bool:
        """Whether a member says of it: I have studied this."""
        return is_done_alone(self.kind, self.event_id)


def of_month(session: Session, owner_ids: Collection[UUID], month: date) -> list[Item]:
    """The plans of these for ``month`` (its first day). For callers who know that the actor may read them."""
    return _with_materials(session, session.execute(_OF_MONTH, {"ids": sorted(owner_ids), "month": month}).all())


def between(session: Session, owner_id: UUID, since: date, until: date) -> list[Item]:
    """The items of the months from ``since`` to ``until`` (first days), for callers whose plan it is."""
    asked = {"owner": owner_id, "since": since, "until": until}
    return sorted(_with_materials(session, session.execute(_BETWEEN, asked).all()), key=lambda item: item.month)


def months(session: Session, owner_id: UUID) -> Sequence[date]:
    """The months that have a plan, the latest first."""
    return session.scalars(_MONTHS, {"owner": owner_id}).all()


def to_study(session: Session, branch_id: UUID, day: date) -> Mapping[str, StudyKind]:
    """What the plan of the month of ``day`` holds for everybody to study alone, by its title: one statement."""
    rows = session.execute(_TO_STUDY, {"owner": branch_id, "month": clock.first_of_month(day)})
    return {row.title: row.kind for row in rows if is_done_alone(row.kind, row.event_id)}


def held_of(session: Session, branch_id: UUID, since: date, until: date) -> tuple[int, int] | None:
    """How many items of the months of these days were held, and how many there are; ``None``: nothing was planned.

    What everybody studies alone is held by nobody, and counts on neither side. For callers whose plan it is.
    """
    asked = {"owner": branch_id, "since": clock.first_of_month(since), "until": until}
    rows, now = session.execute(_TOGETHER, asked).all(), clock.now()
    held = [row for row in rows if row.ends_at and row.ends_at <= now and row.state is not EventState.CANCELLED]
    return (len(held), len(rows)) if rows else None


def owners(session: Session, actor: Actor) -> Mapping[UUID, str]:
    """Whose plans the actor reads: the own branch's, and those of committees that the actor leads."""
    return {actor.branch_id: actor.branch_name} | bank.names(session, actor.leads)


def kept(session: Session, actor: Actor, item_id: UUID) -> PlanItem:
    """An item of a plan that the actor makes.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, _ONE, {"item": item_id, "ids": sorted(kept_by(actor))})


def meetings_of(session: Session, actor: Actor, owner_id: UUID, month: date) -> Sequence[AnyRow]:
    """The meetings of ``month`` at which the plan of ``owner_id`` can have something studied: a committee has none."""
    if owner_id != actor.branch_id:
        return ()
    last = last_of_month(month.year, month.month)
    rows = meetings.of_branch(session, actor, owner_id, month, last, with_joined=True)
    return [row for row in rows if row.state is not EventState.CANCELLED]


def _with_materials(session: Session, rows: Sequence[AnyRow]) -> list[Item]:
    found: dict[UUID, list[AnyRow]] = defaultdict(list)
    for row in session.execute(_MATERIALS, {"ids": [row.id for row in rows]}) if rows else ():
        found[row.item_id].append(row)
    return [Item._make((*row, found[row.id])) for row in rows]


def register(items: Sequence[Item]) -> Table:
    """The items of one month or of several, in the columns that are usual."""
    rows = [
        (
            f"{item.month.month}月",
            item.title,
            str(item.kind.label),
            _("; ").join(material.title for material in item.materials),
            item.when,
            item.speaker or "",
            str(item.expected.label),
        )
        for item in items
    ]
    return Table("月度学习计划", ("月", "主题", "形式", "材料", "时间", "主讲", "范围"), rows)

"""A leave as pages show it, its form while it is filled in, and the slip on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, formats, ids
from app.core.answers import Answer
from app.core.errors import NotFoundError
from app.core.forms import Form
from app.core.i18n import LazyText, lazy_gettext, ngettext
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.tables import Table
from app.core.workdays import Calendar
from app.features.leave import life, queries, rules
from app.features.leave.life import NAME_LENGTH, PLACE_LENGTH, Approval, End, State, TripCheck
from app.features.leave.rules import Away, Days, Half, LeaveType, Span
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.records.service import people
from app.features.reviews.errors import NotCorrectableError
from app.features.reviews.rules import ReviewStatus

_WHOLE: Final = (Half.AM, Half.EVENING)

SLIP, REPORT = lazy_gettext("Leave slip"), lazy_gettext("Report of leaving the city")


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A row of ``queries.LIST``: its columns, in their order."""

    id: UUID
    branch_id: UUID
    member_id: UUID
    home_id: UUID
    """The branch to which the member belongs now."""
    name: str
    leave: LeaveType
    first_on: date
    first_half: Half
    last_on: date
    last_half: Half
    destination: str | None
    stand_in: str | None
    approval: Approval
    approved_by: str | None
    extends_id: UUID | None
    due_on: date | None
    ended_as: End | None
    ended_on: date | None
    returned_on: date | None
    checks: Sequence[str]
    status: ReviewStatus
    reason: str | None
    asked_at: datetime
    entered_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    ended_by: str | None
    is_corrected: bool
    is_extended: bool
    extension_id: UUID | None
    """The extension of it that waits for an officer."""

    @property
    def span(self) -> Span:
        """As it was asked for."""
        return Span(self.first_on, self.last_on, self.first_half, self.last_half)

    @property
    def taken(self) -> Span:
        """What of it was taken, where somebody came back early."""
        return rules.cut(self.span, self.returned_on)

    @property
    def away(self) -> Away:
        """The same for attendance."""
        return Away(self.leave, self.taken, self.status is ReviewStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class ShownLeave(LeaveRow):
    """The same at a moment."""

    now: datetime
    today: date
    calendar: Calendar
    """What its working days are counted with."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return life.state_of(
            self.span,
            status=self.status,
            end=self.ended_as,
            is_known=self.approval is Approval.ELSEWHERE,
            is_extended=self.is_extended,
            now=self.now,
        )

    @property
    def decision(self) -> State:
        """What was decided, whatever has become of it since; where it stands, while nothing is."""
        if self.status is not ReviewStatus.APPROVED:
            return self.state
        return State.KNOWN if self.approval is Approval.ELSEWHERE else State.APPROVED

    @property
    def dates(self) -> str:
        """``3月4日 – 3月6日上午``."""
        return dates_words(self.span)

    @property
    def days(self) -> str:
        """Natural and working days."""
        return days_words(rules.days_of(self.span, self.calendar))

    @property
    def is_standing(self) -> bool:
        """Whether it is decided, and neither ended nor extended."""
        return self.state in {State.APPROVED, State.KNOWN, State.AWAY, State.TO_CLOSE}

    @property
    def can_close(self) -> bool:
        """Whether somebody may say that they are back."""
        return self.state in {State.AWAY, State.TO_CLOSE}

    @property
    def can_cancel(self) -> bool:
        """Whether it can be called off: it waits, or has not begun."""
        return self.state in {State.ASKED, State.APPROVED, State.KNOWN}

    @property
    def can_extend(self) -> bool:
        """Whether it is decided and has not come to its end, and no extension waits."""
        return self.is_standing and self.now < self.span.ends and not self.extension_id

    @property
    def has_list(self) -> bool:
        """Whether the list before a trip is open."""
        is_trip = life.is_trip(self.leave, self.destination)
        return is_trip and self.is_standing and life.opens_list(self.first_on, self.last_on, today=self.today)

    @property
    def is_unchecked(self) -> bool:
        """Whether something on it is not ticked yet."""
        return len(self.checks) < len(TripCheck)

    @property
    def late_days(self) -> int:
        """How many days after the last one somebody was back, or is not back yet; none while an extension waits."""
        if self.state not in {State.TO_CLOSE, State.CLOSED} or self.extension_id:
            return 0
        return max(0, ((self.returned_on or self.today) - self.last_on).days)

    @property
    def is_missed(self) -> bool:
        """Whether its due day has passed without it being closed; a better calendar moves that day only later.

        While an extension waits nobody can know when it ends.
        """
        if self.state not in {State.TO_CLOSE, State.CLOSED} or self.due_on is None or self.extension_id:
            return False
        due = rules.due_on(self.last_on, stored=self.due_on, calendar=self.calendar)
        return bool(rules.suggests_unclosed(due, closed_on=self.ended_on, today=self.today))

    @property
    def asks_for_move(self) -> bool:
        """Whether the relation may have to move."""
        return self.is_standing and rules.asks_for_move(self.leave, self.span)


def dates_words(span: Span) -> str:
    """From when until when, with the halves where it is not whole days."""
    if span.first == span.last:
        if (span.first_half, span.last_half) == _WHOLE:
            return formats.short_day(span.first)
        halves = [span.first_half] if span.first_half is span.last_half else [span.first_half, span.last_half]
        return f"{formats.short_day(span.first)} {' – '.join(str(half.label) for half in halves)}"
    first = formats.short_day(span.first) + ("" if span.first_half is Half.AM else f" {span.first_half.label}")
    last = formats.short_day(span.last) + ("" if span.last_half is Half.EVENING else f" {span.last_half.label}")
    return f"{first} – {last}"


def days_words(days: Days) -> str:
    """``5 天, 其中工作日 3 天``: both numbers, exact to half a day."""
    said = {"natural": _days(days.natural), "working": _number(days.working)}
    return _("%(natural)s, %(working)s of them working days") % said


def _days(halves: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", (halves + 1) // 2) % {"n": _number(halves)}


def _number(halves: int) -> str:
    return formats.hundredths(halves * 50)


def title_of(leave: ShownLeave) -> LazyText:
    """What the form is called."""
    return REPORT if leave.leave is LeaveType.REPORT_ONLY else SLIP


def rows_of(leave: ShownLeave, whose: AnyRow) -> Sequence[tuple[str, str]]:
    """Its labels and what stands beside them. Source: domain, meetings §8."""
    decided = f"{leave.decided_by} {formats.stamp(leave.decided_at)}" if leave.decided_by and leave.decided_at else ""
    due = _("to be closed by %(day)s") % {"day": formats.short_day(leave.due_on)} if leave.due_on else ""
    back = _("back on %(day)s") % {"day": formats.short_day(leave.returned_on)} if leave.returned_on else ""
    told = {
        _("Name"): [leave.name],
        _("Post"): [whose.post],
        _("Kind"): [leave.leave.label, _("Extension") if leave.extends_id else ""],
        _("When"): [leave.dates, leave.days],
        _("City"): [leave.destination],
        _("Stands in"): [leave.stand_in],
        _("Phone"): [whose.phone],
        _("Approval"): [leave.approval.label, leave.approved_by],
        _("Branch"): [leave.decision.label, decided],
        _("Closing"): [due, back, leave.ended_as.label if leave.ended_as is End.CANCELLED else ""],
    }
    return [(label, " · ".join(str(one) for one in said if one) or "–") for label, said in told.items()]


def table_of(leave: ShownLeave, whose: AnyRow) -> Table:
    """The same for a file."""
    return Table(str(title_of(leave)), (whose.branch_name, str(title_of(leave))), rows_of(leave, whose))


def form_of(
    session: Session,
    actor: Actor,
    answer: Answer,
    *,
    corrects_id: UUID | None,
    extends_id: UUID | None,
    for_other: bool,
) -> dict[str, Any]:
    """The form as it was typed, with an id of its own: what was refused under the old one may be sent under a new.

    Raises:
        NotCorrectableError: ``corrects_id`` was not returned, or is corrected already.
    """
    form = answer.form or Form[Any]()
    corrects_id = corrects_id or ids.read(form.typed("corrects_id"))
    corrected = queries.card(session, actor, corrects_id) if corrects_id else None
    if corrected and answer.form is None and (corrected.status is not ReviewStatus.RETURNED or corrected.is_corrected):
        raise NotCorrectableError
    extends_id = extends_id or ids.read(form.typed("extends_id")) or (corrected.extends_id if corrected else None)
    extended = queries.card(session, actor, extends_id) if extends_id else None
    before = corrected or extended
    if before and before.member_id != actor.member_id and not queries.is_officer(actor, before):
        raise NotFoundError
    return {
        "form": answer.form,
        "id": new_id() if answer.status != 422 else ids.read(form.typed("id")) or new_id(),
        "corrected": corrected,
        "extended": extended,
        "before": before,
        "member_id": before.member_id if before and before.member_id != actor.member_id else None,
        "people": people(session, actor) if not before and (for_other or form.typed("member_id")) else None,
        "kinds": LeaveType.choices(),
        "halves": Half.choices(),
        "approvals": Approval.choices(),
        "today": clock.today(),
        "place_length": PLACE_LENGTH,
        "name_length": NAME_LENGTH,
    }

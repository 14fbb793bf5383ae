"""The usual form 请假条, 报备单: on paper and as a file, from the same rows. What is known is not asked again."""

from collections.abc import Sequence

from app.core import formats
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.tables import Table, write_tables
from app.features.leave.life import End
from app.features.leave.rules import LeaveType
from app.features.leave.view import ShownLeave
from app.features.members.queries import AnyRow

SLIP, REPORT = lazy_gettext("Leave slip"), lazy_gettext("Report of leaving the city")


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


def file_of(leave: ShownLeave, whose: AnyRow) -> bytes:
    """The same as an XLSX file."""
    return write_tables([Table(str(title_of(leave)), (whose.branch_name, str(title_of(leave))), rows_of(leave, whose))])

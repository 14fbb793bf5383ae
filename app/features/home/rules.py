"""What stands on the page of today, for how long, and what the house keeps of a person and why. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _

RETURNED_SHOWN: Final = timedelta(days=30)
"""How long a returned record is offered for correction on the page of today; then it rests among the records."""
ROWS_SHOWN: Final = 3
"""Records of one card; the rest is behind its link."""
CORRECTED_AT: Final = {"study.record": "/study/new?corrects={id}"}
"""Where a returned record of a kind is corrected."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """A piece of personal data: what it is called, who sees it and what it is for (domain README §9)."""

    label: LazyText
    seen_by: LazyText
    used_for: LazyText


_OFFICERS: Final = _("you, your branch's officers, the business administrator")
_BRANCH: Final = _("your branch")
_YOU: Final = _("you alone")
PURPOSES: Final = {
    "name": Purpose(_("Name"), _BRANCH, _("to know who is meant")),
    "branch_name": Purpose(_("Branch"), _BRANCH, _("organisation life")),
    "group_name": Purpose(_("Group"), _BRANCH, _("organisation life")),
    "post": Purpose(_("Working post"), _OFFICERS, _("to share out duties")),
    "status": Purpose(_("Membership"), _OFFICERS, _("which rules your sheet follows")),
    "phone": Purpose(_("Phone"), _OFFICERS, _("to sign in, and to reach you")),
    "member_number": Purpose(_("Member number"), _OFFICERS, _("to sign in without a phone number")),
    "sex": Purpose(_("Sex"), _OFFICERS, _("the roster and its statistics")),
    "born": Purpose(_("Born"), _OFFICERS, _("the roster and its statistics")),
    "joined": Purpose(_("Joined the Party"), _OFFICERS, _("years in the Party")),
    "confirmed": Purpose(_("Full member since"), _OFFICERS, _("years in the Party")),
    "note": Purpose(_("Remark"), _OFFICERS, _("what the roster says besides")),
}
"""By the column it is kept in, in the order of the page. Source: the roster, kept by the branch's officers."""
OTHER_PURPOSES: Final = (
    Purpose(_("Posts and exemptions"), _OFFICERS, _("what you may do here, and whether you get a score")),
    Purpose(_("Records, facts and the sheet"), _OFFICERS, _("your sheet; each of its lines opens its facts")),
    Purpose(_("Devices on which you are signed in"), _YOU, _("so that you can sign them out")),
)

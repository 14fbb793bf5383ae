"""What somebody may do with a post, in words, before it is given."""

from collections.abc import Mapping
from typing import Final

from app.core.i18n import LazyText, lazy_gettext
from app.features.members.rules import Role

WHAT_IT_PERMITS: Final[Mapping[Role, LazyText]] = {
    Role.GROUP_LEADER: lazy_gettext("Nothing more than every member may; the post is named."),
    Role.SECRETARY: lazy_gettext("Approves records, keeps members and slips of the branch, records for others."),
    Role.DEPUTY: lazy_gettext("Approves records, keeps members and slips of the branch, records for others."),
    Role.ORGANISATION: lazy_gettext("Approves records, keeps members and slips of the branch, records for others."),
    Role.PUBLICITY: lazy_gettext("Sees the branch in detail and records for others."),
    Role.DISCIPLINE: lazy_gettext("Sees the branch in detail."),
    Role.SUPERVISOR: lazy_gettext("Decides on an officer's record where no other officer of the branch may."),
    Role.COMMITTEE_OFFICER: lazy_gettext(
        "Sees numbers of all branches below, appoints their officers, decides where none of a branch may."
    ),
    Role.INSPECTOR: lazy_gettext("Sees numbers of all branches below."),
    Role.SYSTEM_ADMINISTRATOR: lazy_gettext("Looks after the installation; sees no records."),
    Role.BUSINESS_ADMINISTRATOR: lazy_gettext("Keeps people, posts, organisations and rules of all branches."),
    Role.AUDIT_ADMINISTRATOR: lazy_gettext("Reads the audit log and proves the ledger."),
    Role.COLLECTOR: lazy_gettext("Enters and confirms wishes of the community."),
}

"""Posts, what they permit, and the other words for people. Source: docs/domain.md §1."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _


class OrganisationKind(StrEnum):
    """The levels of the tree, from the root down."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"
    COMMUNITY = "community"  # no level of the Party: a neighbour whose wishes branches look after


class MemberStatus(StrEnum):
    """Full members are scored and graded, probationary ones only scored."""

    FULL = "full"
    PROBATIONARY = "probationary"


class Sex(StrEnum):
    """What the roster says of it, where it says something."""

    FEMALE = "female"
    MALE = "male"


class Role(StrEnum):
    """A post on an organisation, for a term."""

    GROUP_LEADER = "group_leader"
    SECRETARY = "secretary"
    DEPUTY = "deputy"
    ORGANISATION = "organisation"
    PUBLICITY = "publicity"
    DISCIPLINE = "discipline"
    COMMITTEE_OFFICER = "committee_officer"
    INSPECTOR = "inspector"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    BUSINESS_ADMINISTRATOR = "business_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    COLLECTOR = "collector"


class ExemptionKind(StrEnum):
    """Why a member gets a sheet without a score."""

    AGE = "age"
    ILLNESS = "illness"
    SECONDED = "seconded"
    LEAVE = "leave"
    RETIRED = "retired"


class Permission(StrEnum):
    """What a door may ask for. A permission of a branch officer reaches the own branch only."""

    HAVE_ACCOUNT = "have_account"  # everybody who is signed in
    BE_MEMBER = "be_member"  # Party members: whose home is a branch
    SEE_BRANCH = "see_branch"  # directory and sheets of the own branch
    APPROVE = "approve"
    RECORD_FOR_OTHERS = "record_for_others"  # 代录
    MANAGE_BRANCH_PEOPLE = "manage_branch_people"  # roster, slips, exemptions, posts of the own branch
    MANAGE_ALL_PEOPLE = "manage_all_people"  # the same for all branches below, and the tree
    SEE_AGGREGATES = "see_aggregates"
    ADMINISTER_SYSTEM = "administer_system"
    AUDIT = "audit"
    COLLECT_WISHES = "collect_wishes"  # of the communities where the post is held


_OFFICER: Final = frozenset(
    {Permission.SEE_BRANCH, Permission.APPROVE, Permission.RECORD_FOR_OTHERS, Permission.MANAGE_BRANCH_PEOPLE}
)
PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.GROUP_LEADER: frozenset(),
    Role.SECRETARY: _OFFICER,
    Role.DEPUTY: _OFFICER,
    Role.ORGANISATION: _OFFICER,
    Role.PUBLICITY: frozenset({Permission.SEE_BRANCH, Permission.RECORD_FOR_OTHERS}),
    Role.DISCIPLINE: frozenset({Permission.SEE_BRANCH}),
    Role.COMMITTEE_OFFICER: frozenset({Permission.SEE_AGGREGATES}),
    Role.INSPECTOR: frozenset({Permission.SEE_AGGREGATES}),
    Role.SYSTEM_ADMINISTRATOR: frozenset({Permission.ADMINISTER_SYSTEM}),
    Role.BUSINESS_ADMINISTRATOR: frozenset({Permission.MANAGE_ALL_PEOPLE, Permission.SEE_AGGREGATES}),
    Role.AUDIT_ADMINISTRATOR: frozenset({Permission.AUDIT}),
    Role.COLLECTOR: frozenset({Permission.COLLECT_WISHES}),
}
BRANCH_POSTS: Final = (Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE)
"""Posts on a branch, in the order in which a branch names them."""
POSTS_AT: Final[Mapping[OrganisationKind, tuple[Role, ...]]] = {
    OrganisationKind.GROUP: (Role.GROUP_LEADER,),
    OrganisationKind.BRANCH: BRANCH_POSTS,
    OrganisationKind.GENERAL_BRANCH: (Role.COMMITTEE_OFFICER, Role.INSPECTOR),
    OrganisationKind.COMMITTEE: (
        Role.COMMITTEE_OFFICER,
        Role.INSPECTOR,
        Role.SYSTEM_ADMINISTRATOR,
        Role.BUSINESS_ADMINISTRATOR,
        Role.AUDIT_ADMINISTRATOR,
    ),
    OrganisationKind.COMMUNITY: (Role.COLLECTOR,),
}
"""Which posts there are on each level of the tree."""
POST_ORDER: Final[Mapping[Role, int]] = {
    role: place
    for place, role in enumerate(
        (*BRANCH_POSTS, Role.GROUP_LEADER, *POSTS_AT[OrganisationKind.COMMITTEE], Role.COLLECTOR)
    )
}
"""The order in which posts are named: secretary first."""
ORGAN_POSTS: Final = frozenset(POSTS_AT[OrganisationKind.COMMITTEE])
"""Posts above the branches; only a business administrator gives them."""
GIVEN_BY_ORGAN: Final = ORGAN_POSTS | {Role.COLLECTOR}
"""Posts that no branch gives by itself."""
HOMES: Final = (OrganisationKind.BRANCH, OrganisationKind.COMMUNITY)
"""Where a person can belong: Party members to a branch, people who work for a community to that."""
ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.BUSINESS_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""Three separate posts: nobody holds two of them (docs/domain.md §1)."""

ROLE_LABELS: Final[Mapping[Role, LazyText]] = {
    Role.GROUP_LEADER: lazy_gettext("Group leader"),
    Role.SECRETARY: lazy_gettext("Secretary"),
    Role.DEPUTY: lazy_gettext("Deputy secretary"),
    Role.ORGANISATION: lazy_gettext("Organisation commissioner"),
    Role.PUBLICITY: lazy_gettext("Publicity commissioner"),
    Role.DISCIPLINE: lazy_gettext("Discipline commissioner"),
    Role.COMMITTEE_OFFICER: lazy_gettext("Committee officer"),
    Role.INSPECTOR: lazy_gettext("Inspector"),
    Role.SYSTEM_ADMINISTRATOR: lazy_gettext("System administrator"),
    Role.BUSINESS_ADMINISTRATOR: lazy_gettext("Business administrator"),
    Role.AUDIT_ADMINISTRATOR: lazy_gettext("Audit administrator"),
    Role.COLLECTOR: lazy_gettext("Collector of wishes"),
}
KIND_LABELS: Final[Mapping[OrganisationKind, LazyText]] = {
    OrganisationKind.COMMITTEE: lazy_gettext("Committee"),
    OrganisationKind.GENERAL_BRANCH: lazy_gettext("General branch"),
    OrganisationKind.BRANCH: lazy_gettext("Party branch"),
    OrganisationKind.GROUP: lazy_gettext("Party group"),
    OrganisationKind.COMMUNITY: lazy_gettext("Community"),
}
SEX_LABELS: Final[Mapping[Sex, LazyText]] = {
    Sex.FEMALE: lazy_gettext("Female"),
    Sex.MALE: lazy_gettext("Male"),
}
STATUS_LABELS: Final[Mapping[MemberStatus, LazyText]] = {
    MemberStatus.FULL: lazy_gettext("Full member"),
    MemberStatus.PROBATIONARY: lazy_gettext("Probationary member"),
}
EXEMPTION_LABELS: Final[Mapping[ExemptionKind, LazyText]] = {
    ExemptionKind.AGE: lazy_gettext("Advanced age"),
    ExemptionKind.ILLNESS: lazy_gettext("Long illness"),
    ExemptionKind.SECONDED: lazy_gettext("Seconded"),
    ExemptionKind.LEAVE: lazy_gettext("Long leave"),
    ExemptionKind.RETIRED: lazy_gettext("Retired"),
}


def permissions_of(roles: Iterable[Role], home: OrganisationKind = OrganisationKind.BRANCH) -> frozenset[Permission]:
    """What somebody who belongs to a ``home`` of this kind may do with these ``roles``.

    Whoever works for a community is no Party member here: no study, no sheet, no branch, and no post but the
    collector's.
    """
    if home is OrganisationKind.COMMUNITY:
        return frozenset({Permission.HAVE_ACCOUNT}).union(
            *(PERMISSIONS[role] for role in roles if role in POSTS_AT[home])
        )
    return frozenset({Permission.HAVE_ACCOUNT, Permission.BE_MEMBER}).union(*(PERMISSIONS[role] for role in roles))


class AuditAction(StrEnum):
    """What leaves a row in the audit log (docs/domain.md §9). A word more here costs no migration."""

    MEMBER_ADDED = "member_added"
    MEMBER_CHANGED = "member_changed"
    MEMBER_MOVED = "member_moved"
    MEMBER_LEFT = "member_left"
    MEMBER_RETURNED = "member_returned"
    POST_GIVEN = "post_given"
    POST_ENDED = "post_ended"
    EXEMPTION_GIVEN = "exemption_given"
    EXEMPTION_ENDED = "exemption_ended"
    SLIP_ISSUED = "slip_issued"
    PASSWORD_SET = "password_set"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    ORGANISATION_ADDED = "organisation_added"
    ORGANISATION_RENAMED = "organisation_renamed"
    ORGANISATION_REMOVED = "organisation_removed"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LOCKED = "sign_in_locked"
    SIGNED_OUT = "signed_out"
    DEVICE_SIGNED_OUT = "device_signed_out"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    APPROVED = "approved"
    RETURNED = "returned"
    DECISION_UNDONE = "decision_undone"
    CONTACT_OPENED = "contact_opened"
    FILE_TAKEN = "file_taken"
    PRINTED = "printed"
    RULES_CHANGED = "rules_changed"
    SETTINGS_CHANGED = "settings_changed"
    VERIFIED = "verified"


AUDIT_LABELS: Final[Mapping[AuditAction, LazyText]] = {
    AuditAction.MEMBER_ADDED: lazy_gettext("Member added"),
    AuditAction.MEMBER_CHANGED: lazy_gettext("Member's data changed"),
    AuditAction.MEMBER_MOVED: lazy_gettext("Member moved to another branch"),
    AuditAction.MEMBER_LEFT: lazy_gettext("Member left"),
    AuditAction.MEMBER_RETURNED: lazy_gettext("Member returned"),
    AuditAction.POST_GIVEN: lazy_gettext("Post given"),
    AuditAction.POST_ENDED: lazy_gettext("Post ended"),
    AuditAction.EXEMPTION_GIVEN: lazy_gettext("Exemption given"),
    AuditAction.EXEMPTION_ENDED: lazy_gettext("Exemption ended"),
    AuditAction.SLIP_ISSUED: lazy_gettext("Activation slip issued"),
    AuditAction.PASSWORD_SET: lazy_gettext("Password set with a slip"),
    AuditAction.PASSWORD_CHANGED: lazy_gettext("Password changed"),
    AuditAction.ORGANISATION_ADDED: lazy_gettext("Organisation added"),
    AuditAction.ORGANISATION_RENAMED: lazy_gettext("Organisation renamed"),
    AuditAction.ORGANISATION_REMOVED: lazy_gettext("Organisation removed"),
    AuditAction.SIGNED_IN: lazy_gettext("Sign-in"),
    AuditAction.SIGN_IN_FAILED: lazy_gettext("Sign-in refused"),
    AuditAction.SIGN_IN_LOCKED: lazy_gettext("Signing in locked for a while"),
    AuditAction.SIGNED_OUT: lazy_gettext("Signed out"),
    AuditAction.DEVICE_SIGNED_OUT: lazy_gettext("Another device signed out"),
    AuditAction.SECOND_FACTOR_ADDED: lazy_gettext("Second factor added"),
    AuditAction.SECOND_FACTOR_REMOVED: lazy_gettext("Second factor removed"),
    AuditAction.APPROVED: lazy_gettext("Record approved"),
    AuditAction.RETURNED: lazy_gettext("Record returned"),
    AuditAction.DECISION_UNDONE: lazy_gettext("Decision taken back"),
    AuditAction.CONTACT_OPENED: lazy_gettext("Contact of a wisher opened"),
    AuditAction.FILE_TAKEN: lazy_gettext("File downloaded"),
    AuditAction.PRINTED: lazy_gettext("Pages opened to print"),
    AuditAction.RULES_CHANGED: lazy_gettext("Rule set changed"),
    AuditAction.SETTINGS_CHANGED: lazy_gettext("Settings changed"),
    AuditAction.VERIFIED: lazy_gettext("Ledger and log verified"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDetails:
    """What officers keep about a member. Dates are ISO text, as exact as they are known."""

    name: str
    phone: str | None = None
    group_id: UUID | None = None
    status: MemberStatus = MemberStatus.FULL
    sex: Sex | None = None
    post: str | None = None
    born: str | None = None
    joined: str | None = None
    confirmed: str | None = None
    note: str | None = None


_BETWEEN_DIGITS: Final = re.compile(r"[\s().\-\u2010-\u2015\u2212]+")
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")


def phone_number(typed: str) -> str:
    """The eleven digits of a mobile number; spaces, dashes, full-width digits and ``+86`` are understood.

    Raises:
        ValueError: no mobile number of mainland China.
    """
    match = _MOBILE.fullmatch(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", typed)))
    if not match:
        raise ValueError(_("A mobile number has 11 digits and begins with 13 to 19."))
    return match[1]


def masked_phone(phone: str | None) -> str | None:
    """``138****0011``: enough to recognise a number in the audit log, too little to call it."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else None

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
from app.core.words import Word


class OrganisationKind(Word):
    """The levels of the tree, from the root down."""

    COMMITTEE = "committee", lazy_gettext("Committee")
    GENERAL_BRANCH = "general_branch", lazy_gettext("General branch")
    BRANCH = "branch", lazy_gettext("Party branch")
    GROUP = "group", lazy_gettext("Party group")
    COMMUNITY = "community", lazy_gettext("Community")
    """No level of the Party: a neighbour whose wishes branches look after."""


class MemberStatus(Word):
    """Full members are scored and graded, probationary ones only scored."""

    FULL = "full", lazy_gettext("Full member")
    PROBATIONARY = "probationary", lazy_gettext("Probationary member")


class Sex(Word):
    """What the roster says of it, where it says something."""

    FEMALE = "female", lazy_gettext("Female")
    MALE = "male", lazy_gettext("Male")


class Role(Word):
    """A post on an organisation, for a term."""

    GROUP_LEADER = "group_leader", lazy_gettext("Group leader")
    SECRETARY = "secretary", lazy_gettext("Secretary")
    DEPUTY = "deputy", lazy_gettext("Deputy secretary")
    ORGANISATION = "organisation", lazy_gettext("Organisation commissioner")
    PUBLICITY = "publicity", lazy_gettext("Publicity commissioner")
    DISCIPLINE = "discipline", lazy_gettext("Discipline commissioner")
    COMMITTEE_OFFICER = "committee_officer", lazy_gettext("Committee officer")
    INSPECTOR = "inspector", lazy_gettext("Inspector")
    SYSTEM_ADMINISTRATOR = "system_administrator", lazy_gettext("System administrator")
    BUSINESS_ADMINISTRATOR = "business_administrator", lazy_gettext("Business administrator")
    AUDIT_ADMINISTRATOR = "audit_administrator", lazy_gettext("Audit administrator")
    COLLECTOR = "collector", lazy_gettext("Collector of wishes")
    SUPERVISOR = "supervisor", lazy_gettext("Supervising member")  # 监督员, a full member named by the members' meeting


class ProposalState(StrEnum):
    """What became of a change of a post that wants two."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ExemptionKind(Word):
    """Why a member gets a sheet without a score."""

    AGE = "age", lazy_gettext("Advanced age")
    ILLNESS = "illness", lazy_gettext("Long illness")
    SECONDED = "seconded", lazy_gettext("Seconded")
    LEAVE = "leave", lazy_gettext("Long leave")
    RETIRED = "retired", lazy_gettext("Retired")


class Permission(StrEnum):
    """What a door may ask for. A permission of a branch officer reaches the own branch only."""

    HAVE_ACCOUNT = "have_account"  # everybody who is signed in
    BE_MEMBER = "be_member"  # Party members: whose home is a branch
    SEE_BRANCH = "see_branch"  # directory and sheets of the own branch
    APPROVE = "approve"
    RECORD_FOR_OTHERS = "record_for_others"  # 代录
    ENTER_APPRAISALS = "enter_appraisals"  # 平时考核, of the own branch or of the branches below the post
    BRING_HOURS = "bring_hours"  # lists of education hours, of the own branch or of the branches below the post
    MANAGE_BRANCH_PEOPLE = "manage_branch_people"  # roster, slips, exemptions, posts of the own branch
    MANAGE_ALL_PEOPLE = "manage_all_people"  # the same for all branches below, and the tree
    SEE_AGGREGATES = "see_aggregates"
    ADMINISTER_SYSTEM = "administer_system"
    AUDIT = "audit"
    COLLECT_WISHES = "collect_wishes"  # of the communities where the post is held
    APPOINT = "appoint"  # posts, slips and exemptions of officers in the branches below the post
    KEEP_RULES = "keep_rules"  # copy, edit and propose rule sets
    PUBLISH_RULES = "publish_rules"  # read and try them before, and be the second person who publishes one
    KEEP_QUESTIONS = "keep_questions"  # bank and quizzes of the own branch, or the bank of a committee that is led
    STAND_IN = "stand_in"  # decides on an officer's own record where no other officer may


_BRINGER: Final = frozenset({Permission.ENTER_APPRAISALS, Permission.BRING_HOURS})
_RECORDER: Final = _BRINGER | {Permission.SEE_BRANCH, Permission.RECORD_FOR_OTHERS}
_OFFICER: Final = _RECORDER | {Permission.APPROVE, Permission.MANAGE_BRANCH_PEOPLE}
_ABOVE: Final = frozenset({Permission.SEE_AGGREGATES, Permission.APPOINT, Permission.PUBLISH_RULES})
PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.GROUP_LEADER: frozenset(),
    Role.SECRETARY: _OFFICER | {Permission.KEEP_QUESTIONS},
    Role.DEPUTY: _OFFICER | {Permission.KEEP_QUESTIONS},
    Role.ORGANISATION: _OFFICER,
    Role.PUBLICITY: _RECORDER | {Permission.KEEP_QUESTIONS},
    Role.DISCIPLINE: frozenset({Permission.SEE_BRANCH}),
    Role.COMMITTEE_OFFICER: _ABOVE | _BRINGER | {Permission.STAND_IN, Permission.KEEP_QUESTIONS},
    Role.INSPECTOR: frozenset({Permission.SEE_AGGREGATES}),
    Role.SYSTEM_ADMINISTRATOR: frozenset({Permission.ADMINISTER_SYSTEM}),
    Role.BUSINESS_ADMINISTRATOR: _ABOVE | {Permission.MANAGE_ALL_PEOPLE, Permission.KEEP_RULES},
    Role.AUDIT_ADMINISTRATOR: frozenset({Permission.AUDIT}),
    Role.COLLECTOR: frozenset({Permission.COLLECT_WISHES}),
    Role.SUPERVISOR: frozenset({Permission.STAND_IN}),
}
BRANCH_POSTS: Final = (Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE)
"""Posts of a branch's committee, in the order in which a branch names them."""
_ADMINISTRATORS: Final = (Role.SYSTEM_ADMINISTRATOR, Role.BUSINESS_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)
POSTS_AT: Final[Mapping[OrganisationKind, tuple[Role, ...]]] = {
    OrganisationKind.GROUP: (Role.GROUP_LEADER,),
    OrganisationKind.BRANCH: (*BRANCH_POSTS, Role.SUPERVISOR),
    OrganisationKind.GENERAL_BRANCH: (Role.COMMITTEE_OFFICER, Role.INSPECTOR),
    OrganisationKind.COMMITTEE: (Role.COMMITTEE_OFFICER, Role.INSPECTOR, *_ADMINISTRATORS),
    OrganisationKind.COMMUNITY: (Role.COLLECTOR,),
}
"""Which posts there are on each level of the tree."""
POST_ORDER: Final[Mapping[Role, int]] = {
    role: place
    for place, role in enumerate(
        (*POSTS_AT[OrganisationKind.BRANCH], Role.GROUP_LEADER, *POSTS_AT[OrganisationKind.COMMITTEE], Role.COLLECTOR)
    )
}
"""The order in which posts are named: secretary first."""
ORGAN_POSTS: Final = frozenset(POSTS_AT[OrganisationKind.COMMITTEE])
"""Posts above the branches; only a business administrator gives them."""
GIVEN_BY_ORGAN: Final = ORGAN_POSTS | {Role.COLLECTOR}
"""Posts that no branch gives by itself."""
HOMES: Final = (OrganisationKind.BRANCH, OrganisationKind.COMMUNITY)
"""Where a person can belong: Party members to a branch, people who work for a community to that."""
ADMINISTRATORS: Final = frozenset(_ADMINISTRATORS)
"""Three separate posts: nobody holds two of them (docs/domain.md §1)."""

ROLE_LABELS: Final[Mapping[Role, LazyText]] = {word: word.label for word in Role}
STATUS_LABELS: Final[Mapping[MemberStatus, LazyText]] = {word: word.label for word in MemberStatus}
EXEMPTION_LABELS: Final[Mapping[ExemptionKind, LazyText]] = {word: word.label for word in ExemptionKind}


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


class AuditAction(Word):
    """What leaves a row in the audit log (docs/domain.md §9). A word more here costs no migration."""

    MEMBER_ADDED = "member_added", lazy_gettext("Member added")
    MEMBER_CHANGED = "member_changed", lazy_gettext("Member's data changed")
    MEMBER_MOVED = "member_moved", lazy_gettext("Member moved to another branch")
    MEMBER_MOVED_AWAY = "member_moved_away", lazy_gettext("Member moved away")
    MEMBER_LEFT = "member_left", lazy_gettext("Member left")
    LEAVER_FORGOTTEN = "leaver_forgotten", lazy_gettext("Personal data of somebody who left erased")
    MEMBER_RETURNED = "member_returned", lazy_gettext("Member returned")
    POST_GIVEN = "post_given", lazy_gettext("Post given")
    POST_ENDED = "post_ended", lazy_gettext("Post ended")
    POST_PROPOSED = "post_proposed", lazy_gettext("Change of a post proposed")
    POST_DECLINED = "post_declined", lazy_gettext("Change of a post not confirmed")
    EXEMPTION_GIVEN = "exemption_given", lazy_gettext("Exemption given")
    EXEMPTION_ENDED = "exemption_ended", lazy_gettext("Exemption ended")
    SLIP_ISSUED = "slip_issued", lazy_gettext("Activation slip issued")
    PASSWORD_SET = "password_set", lazy_gettext("Password set with a slip")
    PASSWORD_CHANGED = "password_changed", lazy_gettext("Password changed")
    ORGANISATION_ADDED = "organisation_added", lazy_gettext("Organisation added")
    ORGANISATION_RENAMED = "organisation_renamed", lazy_gettext("Organisation renamed")
    ORGANISATION_REMOVED = "organisation_removed", lazy_gettext("Organisation removed")
    SIGNED_IN = "signed_in", lazy_gettext("Sign-in")
    SIGN_IN_FAILED = "sign_in_failed", lazy_gettext("Sign-in refused")
    SIGN_IN_LOCKED = "sign_in_locked", lazy_gettext("Signing in locked for a while")
    SIGNED_OUT = "signed_out", lazy_gettext("Signed out")
    DEVICE_SIGNED_OUT = "device_signed_out", lazy_gettext("Another device signed out")
    SECOND_FACTOR_ADDED = "second_factor_added", lazy_gettext("Second factor added")
    SECOND_FACTOR_REMOVED = "second_factor_removed", lazy_gettext("Second factor removed")
    SECOND_FACTOR_RESET_PROPOSED = "factor_reset_proposed", lazy_gettext("Said that the second factor is lost")
    SECOND_FACTOR_RESET_DECLINED = "factor_reset_declined", lazy_gettext("Second factor not taken away after all")
    ACCOUNT_LINKED = "account_linked", lazy_gettext("Sign-in of the organ linked")
    ACCOUNT_UNLINKED = "account_unlinked", lazy_gettext("Link with the organ's sign-in ended")
    APPROVED = "approved", lazy_gettext("Record approved")
    RETURNED = "returned", lazy_gettext("Record returned")
    DECISION_UNDONE = "decision_undone", lazy_gettext("Decision taken back")
    WISH_COUNTED = "wish_counted", lazy_gettext("Realised wish entered in the ledger")
    OBJECTION_TAKEN = "objection_taken", lazy_gettext("Late objection taken up, or not")
    OBJECTION_ANSWERED = "objection_answered", lazy_gettext("Objection answered")
    OBJECTION_DECIDED = "objection_decided", lazy_gettext("Objection decided for good")
    CONTACT_OPENED = "contact_opened", lazy_gettext("Contact of a wisher opened")
    FILE_TAKEN = "file_taken", lazy_gettext("File downloaded")
    EXPORTED = "exported", lazy_gettext("Data written into files on the server")
    PRINTED = "printed", lazy_gettext("Pages opened to print")
    VETO_ENTERED = "veto_entered", lazy_gettext("Veto entered, to be confirmed")
    VETO_LIFTED = "veto_lifted", lazy_gettext("Lifting of a veto entered, to be confirmed")
    VETO_CONFIRMED = "veto_confirmed", lazy_gettext("Veto or its lifting confirmed")
    VETO_DECLINED = "veto_declined", lazy_gettext("Veto or its lifting not confirmed")
    PUBLICITY_OPENED = "publicity_opened", lazy_gettext("Publicity published")
    PUBLICITY_WITHDRAWN = "publicity_withdrawn", lazy_gettext("Publicity withdrawn")
    RULES_CHANGED = "rules_changed", lazy_gettext("Rule set changed")
    RULES_COPIED = "rules_copied", lazy_gettext("Rule set copied to be edited")
    RULES_EDITED = "rules_edited", lazy_gettext("Draft of a rule set edited")
    RULES_TRIED = "rules_tried", lazy_gettext("Draft of a rule set tried")
    RULES_PROPOSED = "rules_proposed", lazy_gettext("Rule set proposed to be published")
    RULES_RETURNED = "rules_returned", lazy_gettext("Rule set returned to editing, or discarded")
    RULES_PUBLISHED = "rules_published", lazy_gettext("Rule set published")
    SHEET_ARCHIVED = "sheet_archived", lazy_gettext("Sheet of a year archived")
    SHEET_REOPENED = "sheet_reopened", lazy_gettext("Archived sheet opened again")
    SETTINGS_CHANGED = "settings_changed", lazy_gettext("Settings changed")
    REPORT_GIVEN = "report_given", lazy_gettext("Report of study given out")
    SPOT_CHECKED = "spot_checked", lazy_gettext("Records approved together after a spot check")
    HOURS_DECIDED = "hours_decided", lazy_gettext("Decision whether online hours count")
    HOLIDAYS_LOADED = "holidays_loaded", lazy_gettext("List of days off loaded")
    DATABASE_RESTORED = "database_restored", lazy_gettext("Database back in an earlier state, doors closed")
    BALLOT_OPENED = "ballot_opened", lazy_gettext("Ballot of a democratic review opened")
    BALLOT_CLOSED = "ballot_closed", lazy_gettext("Ballot of a democratic review closed")
    REVIEW_CONFIRMED = "review_confirmed", lazy_gettext("Results of a democratic review confirmed")
    TOKEN_ASKED = "token_asked", lazy_gettext("Token for another system asked for")
    TOKEN_CONFIRMED = "token_confirmed", lazy_gettext("Token for another system confirmed")
    TOKEN_DECLINED = "token_declined", lazy_gettext("Token for another system not confirmed")
    TOKEN_TAKEN = "token_taken", lazy_gettext("Token for another system taken")
    TOKEN_ENDED = "token_ended", lazy_gettext("Token for another system ended")
    TOKEN_READ = "token_read", lazy_gettext("Data read by another system on a day")
    WEBHOOK_MADE = "webhook_made", lazy_gettext("Another system told from now on")
    WEBHOOK_RESUMED = "webhook_resumed", lazy_gettext("Another system told again after a restore")
    WEBHOOK_ENDED = "webhook_ended", lazy_gettext("Another system told no more")
    VERIFIED = "verified", lazy_gettext("Ledger and log verified")


DETAIL_LABELS: Final[Mapping[str, LazyText]] = {
    "name": lazy_gettext("Name"),
    "phone": lazy_gettext("Phone"),
    "status": lazy_gettext("Party status"),
    "sex": lazy_gettext("Sex"),
    "post": lazy_gettext("Working post"),
    "born": lazy_gettext("Born"),
    "joined": lazy_gettext("Joined the Party"),
    "confirmed": lazy_gettext("Full member since"),
    "note": lazy_gettext("Remark"),
    "group": lazy_gettext("Group"),
}
"""What is kept about a member, as people read it."""


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

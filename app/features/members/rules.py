"""Posts, what they permit, and the other words for people. Source: domain README §1."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from pypinyin import Style, lazy_pinyin

from app.core.i18n import LazyText, lazy_gettext


class OrganisationKind(StrEnum):
    """The levels of the tree, from the root down."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"


class MemberStatus(StrEnum):
    """Full members are scored and graded, probationary ones only scored."""

    FULL = "full"
    PROBATIONARY = "probationary"


class Sex(StrEnum):
    """As the roster has it."""

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


class ExemptionKind(StrEnum):
    """Why a member gets a sheet without a score."""

    AGE = "age"
    ILLNESS = "illness"
    SECONDED = "seconded"
    LEAVE = "leave"
    RETIRED = "retired"


class Permission(StrEnum):
    """What a door may ask for. A permission of a branch officer reaches the own branch only."""

    BE_MEMBER = "be_member"  # everybody who is signed in
    SEE_BRANCH = "see_branch"  # directory and sheets of the own branch
    APPROVE = "approve"
    RECORD_FOR_OTHERS = "record_for_others"  # 代录
    MANAGE_BRANCH_PEOPLE = "manage_branch_people"  # roster, slips, exemptions, posts of the own branch
    MANAGE_ALL_PEOPLE = "manage_all_people"  # the same for all branches below, and the tree
    SEE_AGGREGATES = "see_aggregates"
    ADMINISTER_SYSTEM = "administer_system"
    AUDIT = "audit"


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
}
ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.BUSINESS_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""Three separate posts: nobody holds two of them (domain README §1)."""

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


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What the holder of ``roles`` may do; everybody may be a member."""
    return frozenset({Permission.BE_MEMBER}).union(*(PERMISSIONS[role] for role in roles))


SURNAME_READINGS: Final[Mapping[str, str]] = {
    "单": "shan4",
    "曾": "zeng1",
    "仇": "qiu2",
    "解": "xie4",
    "区": "ou1",
    "任": "ren2",
    "查": "zha1",
    "朴": "piao2",
    "翟": "zhai2",
    "华": "hua4",
    "盖": "ge3",
    "覃": "qin2",
    "乐": "yue4",
    "缪": "miao4",
    "召": "shao4",
    "尉": "yu4",
    "种": "chong2",
    "纪": "ji3",
}
"""Characters that are read otherwise when they are a surname; dictionaries of words do not know that."""


def pinyin_key(name: str) -> str:
    """The key by which lists of people are sorted: pinyin with tones, syllable by syllable.

    Lists sort by group and this, never by any number (red line 1).
    """
    syllables = lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)
    if name[:1] in SURNAME_READINGS and syllables:
        syllables[0] = SURNAME_READINGS[name[0]]
    return " ".join(syllables).lower()[:120]

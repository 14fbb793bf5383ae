"""What the house keeps of a person, who sees it and what for: the table that the law asks for, as a page. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.core.formats import partial_date
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose
from app.features.members.rules import OrganisationKind
from app.features.streams import EVERY


class KeptPurpose(NamedTuple):
    """The same with what is kept of one person; data that fill pages of their own have no value here."""

    label: LazyText
    seen_by: LazyText
    used_for: LazyText
    value: str


_BRANCH: Final = _("your branch")
_OFFICERS: Final = _("you, your branch's officers, the business administrator")
_RECORDS: Final = _("you and your branch's officers")
_YOU: Final = _("you alone")
_PAIRED: Final = _("your community, the officers of its branches, the business administrator")
_LINKED: Final = Purpose(
    _("Linked ways of signing in"),
    _("you alone; the service that you sign in at learns that you come here, and when"),
    _("to let you in without a password; kept until you end the link or use a new slip, or a year after you leave"),
)
_KEEPER: Final = _("you and the business administrator")
PURPOSES: Final[Mapping[str, Purpose]] = {
    "name": Purpose(_("Name"), _BRANCH, _("to know who is meant")),
    "branch_name": Purpose(_("Branch"), _BRANCH, _("organisation life")),
    "group_name": Purpose(_("Group"), _BRANCH, _("organisation life")),
    "posts": Purpose(_("Party posts"), _BRANCH, _("to know who looks after what")),
    "post": Purpose(_("Working post"), _BRANCH, _("to share out duties, and on your card")),
    **{name: purpose for stream in EVERY for name, purpose in stream.purposes.items()},
    "status": Purpose(_("Membership"), _OFFICERS, _("which rules your sheet follows")),
    "phone": Purpose(_("Phone"), _OFFICERS, _("to sign in, and to reach you")),
    "member_number": Purpose(_("Member number"), _OFFICERS, _("to sign in without a phone number")),
    "sex": Purpose(_("Sex"), _OFFICERS, _("the roster and its statistics")),
    "born": Purpose(_("Born"), _OFFICERS, _("the roster and its statistics")),
    "joined": Purpose(_("Joined the Party"), _OFFICERS, _("political birthday")),
    "confirmed": Purpose(_("Full member since"), _OFFICERS, _("years in the Party")),
    "exemptions": Purpose(_("Exemptions"), _OFFICERS, _("whether you get a score")),
    "note": Purpose(_("Remark"), _OFFICERS, _("what the roster says besides")),
    "records": Purpose(_("Records, facts and the sheet"), _RECORDS, _("each line of your sheet opens its facts")),
    "reminders": Purpose(_("Reminders"), _YOU, _("so that nothing is forgotten, or nothing said, as you wish")),
    "devices": Purpose(_("Signed-in devices"), _YOU, _("so that you can sign them out")),
    "outside_links": _LINKED,
}
"""By the column it is kept in, or the pages it fills; in the order of the page."""
OF_COMMUNITY: Final[Mapping[str, Purpose]] = {
    "name": Purpose(_("Name"), _PAIRED, _("to know who is meant")),
    "branch_name": Purpose(_("Community"), _PAIRED, _("whose wishes you collect")),
    "posts": Purpose(_("Posts"), _PAIRED, _("to know who looks after what")),
    "phone": Purpose(_("Phone"), _PAIRED, _("to sign in, and to reach you about a wish")),
    "post": Purpose(_("Working post"), _KEEPER, _("to share out duties")),
    "member_number": Purpose(_("Number for signing in"), _KEEPER, _("to sign in without a phone number")),
    "note": Purpose(_("Remark"), _KEEPER, _("what else is good to know")),
    "devices": Purpose(_("Signed-in devices"), _YOU, _("so that you can sign them out")),
    "outside_links": _LINKED,
}
"""The same for people who work for a community: nothing of the Party is asked of them."""
_ELSEWHERE: Final = frozenset(
    {
        "posts",
        "exemptions",
        "records",
        "reminders",
        "devices",
        "outside_links",
        *(name for one in EVERY for name in one.purposes),
    }
)


def purposes_of(home: OrganisationKind) -> Mapping[str, Purpose]:
    """What is kept of people who belong to such a place."""
    return OF_COMMUNITY if home is OrganisationKind.COMMUNITY else PURPOSES


def columns_of(home: OrganisationKind) -> Mapping[str, LazyText]:
    """The columns in which it is kept, and what they are called."""
    return {name: purpose.label for name, purpose in purposes_of(home).items() if name not in _ELSEWHERE}


COLUMNS: Final = tuple(columns_of(OrganisationKind.BRANCH))


def told(home: OrganisationKind) -> Sequence[Purpose]:
    """The purposes as they are read: one that several tables share is said once."""
    said = {(str(one.label), str(one.seen_by), str(one.used_for)): one for one in purposes_of(home).values()}
    return list(said.values())


def kept(member: Any) -> Sequence[tuple[str, Sequence[KeptPurpose]]]:
    """What is kept of ``member`` (a row of ``members.queries.member_card``), by who sees it; empty columns left out."""
    found: dict[str, dict[tuple[str, str], KeptPurpose]] = {}
    for name, purpose in purposes_of(member.home).items():
        value = "" if name in _ELSEWHERE else _words(name, getattr(member, name))
        if value or name in _ELSEWHERE:
            what = (str(purpose.label), str(purpose.used_for))
            found.setdefault(str(purpose.seen_by), {})[what] = KeptPurpose(
                purpose.label, purpose.seen_by, purpose.used_for, value
            )
    return [(seen_by, list(each.values())) for seen_by, each in found.items()]


def _words(name: str, value: Any) -> str:
    match name:
        case "status":
            return str(value.label)
        case "sex":
            return str(value.label) if value else ""
        case "born" | "joined" | "confirmed":
            return partial_date(value)
        case _:
            return value or ""

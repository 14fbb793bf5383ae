"""What a card says beyond the roster, to whom, and what its owner lets everybody see. Pure.

Source: docs/domain.md §3.1, §9.
"""

import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Final
from uuid import UUID

from app.core import formats
from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.i18n import LazyText, lazy_gettext, ngettext
from app.core.i18n import gettext as _
from app.core.words import Word
from app.features.members.rules import BRANCH_POSTS, Role

SERVICE_SCOPE_LENGTH: Final = 60
OFFICE_PHONE_LENGTH: Final = 30
MOTTO_LENGTH: Final = 40
PARTY_POSTS: Final = frozenset({*BRANCH_POSTS, Role.GROUP_LEADER, Role.COMMITTEE_OFFICER, Role.INSPECTOR})
"""Posts that a card names; who administers this installation is no post of the Party."""
SMALL, LARGE = 96, 320
"""Sides of a portrait in pixels: beside a name in a list, and on a card."""
FIRST_YEAR: Final = 2000


class NoPictureError(BadInputError):
    field = "photo"
    message = lazy_gettext("Please choose a photo first. A card without one is fine, too.")


class PublicByOwnerError(ConflictError):
    """An officer would put something up that the member has never seen on the own public page."""

    message = lazy_gettext(
        "Everybody sees this piece of the card, because the member agreed to it: %(pieces)s. What it says is changed "
        "by the member alone. Ask the member, or take the public page down first."
    )


class NotPublicError(NotFoundError):
    title = lazy_gettext("This card is not public")
    message = lazy_gettext(
        "There is no public card at this address. Perhaps it was taken back, or has a new picture code by now."
    )


class ConsentOverError(ConflictError):
    message = lazy_gettext(
        "This consent has been taken back. To make the card public again, please read and tick anew."
    )


class OtherTextError(ConflictError):
    message = lazy_gettext("The text of the consent has changed in the meantime. Please read it again.")


class CardScope(Word):
    """Who may open the card within the instance. The public page has a consent of its own."""

    BRANCH = "branch", lazy_gettext("My branch")
    ORGAN = "organ", lazy_gettext("The whole organ")


SCOPE_SENTENCES: Final[Mapping[CardScope, LazyText]] = {
    CardScope.BRANCH: lazy_gettext("Members of my branch open it."),
    CardScope.ORGAN: lazy_gettext("Members of the other branches open it, too."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDetails:
    """What a member tells beyond the roster. Everything may stay empty."""

    service_scope: str | None = None
    office_phone: str | None = None
    motto: str | None = None
    pioneer_post: bool = False
    shows_joined: bool = False


DETAILS: Final = tuple(field.name for field in fields(IdentityDetails))


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The first face of a card: who somebody is. What the card does not show is empty here."""

    member_id: UUID
    name: str
    branch_name: str | None = None
    group_name: str | None = None
    posts: tuple[Role, ...] = ()
    post: str | None = None
    joined: str | None = None
    """ISO text, as exact as it is known."""
    years_in_party: int | None = None
    service_scope: str | None = None
    office_phone: str | None = None
    motto: str | None = None
    pioneer_post: bool = False
    photo_id: UUID | None = None


def political_birthday(joined: str | None) -> tuple[int, int] | None:
    """Month and day of joining, where the day is known."""
    return (int(joined[5:7]), int(joined[8:])) if joined and len(joined) == 10 else None


_OFFICE_PHONE: Final = re.compile(r"\+?[0-9]{3,}(?:[- ][0-9]{2,})*(?: ?(?:转|ext\.?) ?[0-9]{1,6})?")
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")


def office_phone(typed: str) -> str:
    """The number as it is shown: ``010-6655 1234``, with an extension ``转 8012`` if it has one.

    Raises:
        ValueError: no number that can be called, or a mobile one: those are personal.
    """
    number = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", typed)).split())
    if not _OFFICE_PHONE.fullmatch(number):
        raise ValueError(_("Please write a number like 010-66551234, with the extension if there is one."))
    if _MOBILE.fullmatch(re.sub(r"[- ]", "", number)):
        raise ValueError(
            _(
                "This is a mobile number. Please write the number of the office: everybody who may open the card "
                "sees it."
            )
        )
    return number


def callable_number(shown: str) -> str:
    """``shown`` as ``tel:`` wants it: digits, and a pause before the extension."""
    number, _sign, extension = re.sub(r"转|ext\.?", "p", shown).partition("p")
    dialled = re.sub(r"[^0-9+]", "", number)
    return f"{dialled},{extension.strip()}" if extension.strip() else dialled


_LEAST_DIGITS: Final = 7
"""Of a number that somebody outside can dial; what is shorter is an extension of the house."""


def is_internal(shown: str | None) -> bool:
    """Whether a telephone number can be dialled from inside the house alone."""
    return bool(shown) and len(re.sub(r"[^0-9]", "", callable_number(shown or "").partition(",")[0])) < _LEAST_DIGITS


def standing(face: Face) -> str:
    """The line under the name: ``组织委员 · 二级调研员 · 党龄 12 年``, as much of it as the card shows."""
    said = [str(role.label) for role in face.posts]
    if face.post:
        said.append(face.post)
    if years := face.years_in_party:
        said.append(ngettext("%(num)s year in the Party", "%(num)s years in the Party", years) % {"num": years})
    elif face.joined:
        said.append(_("joined in %(year)s") % {"year": face.joined[:4]})
    return " · ".join(said)


def marks(face: Face) -> list[str]:
    """The chips under it, none of which asks anything of anybody."""
    found = []
    if face.pioneer_post:
        found.append(_("Party member's pioneer post"))
    if birthday := political_birthday(face.joined):
        found.append(_("Political birthday: %(day)s") % {"day": formats.day_of_year(*birthday)})
    return found


ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base 32 without i, l, o, u: an address is also read off a badge and typed."""
TOKEN_LENGTH: Final = 26
"""Signs of five bits: 130 bits. Nobody guesses the address of a card, nor another one from one that is known."""
CONSENT_VERSION: Final = "2026.1"
"""Of ``CONSENT_TEXT``; whoever changes a word of it there writes a new version here."""
CONSENT_TEXT: Final = (
    lazy_gettext(
        "I let everybody who opens the address or scans the picture code see the pieces of my card that I have "
        "ticked, without signing in, until I take this back."
    ),
    lazy_gettext(
        "I know that whoever has opened the page may have kept a copy. Search engines are asked not to list it."
    ),
    lazy_gettext(
        "This is my own free choice. Saying no costs nothing, nobody else can say yes for me, and I can take it back "
        "at any time: the page is gone in that moment."
    ),
)
"""What a member says yes to, sentence by sentence."""


class PublicField(Word):
    """What a member may let everybody see. Duties are not among them: their rows may speak of work not yet public."""

    PHOTO = "photo", lazy_gettext("Photo")
    BRANCH = "branch", lazy_gettext("Branch")
    PARTY_POSTS = "party_posts", lazy_gettext("Party post")
    POST = "post", lazy_gettext("Working post")
    PIONEER_POST = "pioneer_post", lazy_gettext("Pioneer post")
    JOINED = "joined", lazy_gettext("Year of joining")
    SERVICE_SCOPE = "service_scope", lazy_gettext("What I look after")
    OFFICE_PHONE = "office_phone", lazy_gettext("Office phone")
    MOTTO = "motto", lazy_gettext("Motto")
    PLEDGES = "pledges", lazy_gettext("Pledges of this year")


_COLUMNS: Final[Mapping[PublicField, tuple[str, ...]]] = {
    PublicField.PHOTO: ("photo_id",),
    PublicField.BRANCH: ("branch_name",),
    PublicField.PARTY_POSTS: ("posts",),
    PublicField.POST: ("post",),
    PublicField.PIONEER_POST: ("pioneer_post",),
    PublicField.JOINED: ("joined", "years_in_party"),
    PublicField.SERVICE_SCOPE: ("service_scope",),
    PublicField.OFFICE_PHONE: ("office_phone",),
    PublicField.MOTTO: ("motto",),
    PublicField.PLEDGES: (),
}


OF_DETAILS: Final[Mapping[PublicField, str]] = {
    PublicField.PIONEER_POST: "pioneer_post",
    PublicField.JOINED: "shows_joined",
    PublicField.SERVICE_SCOPE: "service_scope",
    PublicField.OFFICE_PHONE: "office_phone",
    PublicField.MOTTO: "motto",
}


def put_up(before: IdentityDetails, after: IdentityDetails) -> frozenset[PublicField]:
    """The pieces that ``after`` shows and ``before`` did not show so; what is taken off is not among them."""
    return frozenset(
        field
        for field, name in OF_DETAILS.items()
        if getattr(after, name) and getattr(after, name) != getattr(before, name)
    )


def consented(face: Face, allowed: Collection[PublicField]) -> Face:
    """What everybody may see of ``face``: the name, and the pieces in ``allowed``. Of a day, the year is left."""
    kept = {column: getattr(face, column) for field in allowed for column in _COLUMNS[field]}
    if joined := kept.get("joined"):
        kept["joined"] = joined[:4]
    return Face(member_id=face.member_id, name=face.name, **kept)


def new_token() -> str:
    """The address of a new public page."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))


def said(face: Face) -> dict[PublicField, str]:
    """What each piece of the card would tell everybody now; pieces that say nothing are left out."""
    years = _("%(year)s, and the years in the Party since") if face.years_in_party else "%(year)s"
    told = {
        PublicField.PHOTO: _("the photo on your card") if face.photo_id else "",
        PublicField.BRANCH: face.branch_name,
        PublicField.PARTY_POSTS: _(", ").join(str(role.label) for role in face.posts),
        PublicField.POST: face.post,
        PublicField.PIONEER_POST: _("Party member's pioneer post") if face.pioneer_post else "",
        PublicField.JOINED: years % {"year": face.joined[:4]} if face.joined else "",
        PublicField.SERVICE_SCOPE: face.service_scope,
        PublicField.OFFICE_PHONE: face.office_phone,
        PublicField.MOTTO: face.motto,
        PublicField.PLEDGES: _("each with its day and where it stands, once it is approved"),
    }
    return {field: words for field, words in told.items() if words}

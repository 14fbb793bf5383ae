"""What a card says beyond the roster, to whom, and what a consent covers. Pure. Source: domain README §3.1."""

import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.features.members.rules import MemberStatus, Role

SERVICE_SCOPE_LENGTH: Final = 60
OFFICE_PHONE_LENGTH: Final = 30
MOTTO_LENGTH: Final = 40
SMALL, LARGE = 96, 320
"""Sides of a portrait in pixels: beside a name in a list, and on a card."""
FIRST_YEAR: Final = 2000
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


class CardScope(StrEnum):
    """Who may open the card within the instance. The public page has a consent of its own."""

    BRANCH = "branch"
    ORGAN = "organ"


class PublicField(StrEnum):
    """What a member may let everybody see. Duties are not among them: their rows may speak of work not yet public."""

    PHOTO = "photo"
    BRANCH = "branch"
    PARTY_POSTS = "party_posts"
    POST = "post"
    PIONEER_POST = "pioneer_post"
    JOINED = "joined"
    SERVICE_SCOPE = "service_scope"
    OFFICE_PHONE = "office_phone"
    MOTTO = "motto"
    PLEDGES = "pledges"


SCOPE_LABELS: Final[Mapping[CardScope, LazyText]] = {
    CardScope.BRANCH: lazy_gettext("My branch"),
    CardScope.ORGAN: lazy_gettext("The whole organ"),
}
FIELD_LABELS: Final[Mapping[PublicField, LazyText]] = {
    PublicField.PHOTO: lazy_gettext("Photo"),
    PublicField.BRANCH: lazy_gettext("Branch"),
    PublicField.PARTY_POSTS: lazy_gettext("Party post"),
    PublicField.POST: lazy_gettext("Working post"),
    PublicField.PIONEER_POST: lazy_gettext("Pioneer post"),
    PublicField.JOINED: lazy_gettext("Year of joining"),
    PublicField.SERVICE_SCOPE: lazy_gettext("What I look after"),
    PublicField.OFFICE_PHONE: lazy_gettext("Office phone"),
    PublicField.MOTTO: lazy_gettext("Motto"),
    PublicField.PLEDGES: lazy_gettext("Pledges of this year"),
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
    status: MemberStatus | None = None
    posts: tuple[Role, ...] = ()
    post: str | None = None
    joined: str | None = None
    """ISO text, as exact as it is known."""
    confirmed: str | None = None
    service_scope: str | None = None
    office_phone: str | None = None
    motto: str | None = None
    pioneer_post: bool = False
    photo_id: UUID | None = None


_COLUMNS: Final[Mapping[PublicField, tuple[str, ...]]] = {
    PublicField.PHOTO: ("photo_id",),
    PublicField.BRANCH: ("branch_name",),
    PublicField.PARTY_POSTS: ("posts",),
    PublicField.POST: ("post",),
    PublicField.PIONEER_POST: ("pioneer_post",),
    PublicField.JOINED: ("joined", "confirmed"),
    PublicField.SERVICE_SCOPE: ("service_scope",),
    PublicField.OFFICE_PHONE: ("office_phone",),
    PublicField.MOTTO: ("motto",),
    PublicField.PLEDGES: (),
}


def consented(face: Face, allowed: Collection[PublicField]) -> Face:
    """What everybody may see of ``face``: the name, and the pieces in ``allowed``. Of days only the year is left."""
    kept = {column: getattr(face, column) for field in allowed for column in _COLUMNS[field]}
    for column in ("joined", "confirmed"):
        if kept.get(column):
            kept[column] = kept[column][:4]
    return Face(member_id=face.member_id, name=face.name, **kept)


def filled(face: Face) -> frozenset[PublicField]:
    """The pieces of a card that say something now; only these are worth asking about."""
    return frozenset(field for field, columns in _COLUMNS.items() if any(getattr(face, column) for column in columns))


def years_in_party(confirmed: str | None, today: date) -> int | None:
    """Full years since somebody became a full member, which is where they are counted from (Party constitution, 7).

    ``confirmed`` is ISO text of a day, month or year; of a year or month alone the beginning is meant. ``None`` where
    it is not known or lies ahead.
    """
    if not confirmed:
        return None
    since = date.fromisoformat(confirmed + "-01-01"[len(confirmed) - 4 :])
    years = today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    return years if years >= 0 else None


def political_birthday(joined: str | None) -> tuple[int, int] | None:
    """Month and day of joining, where the day is known."""
    return (int(joined[5:7]), int(joined[8:])) if joined and len(joined) == 10 else None


_OFFICE_PHONE: Final = re.compile(r"\+?[0-9]{3,}(?:[- ][0-9]{2,})*(?: ?(?:转|ext\.?) ?[0-9]{1,6})?")
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")


def office_phone(typed: str) -> str:
    """The number as it is shown: ``010-6655 1234``, with an extension ``转 8012`` if it has one.

    Raises:
        ValueError: no number that can be called.
    """
    number = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", typed)).split())
    if not _OFFICE_PHONE.fullmatch(number):
        raise ValueError(_("Please write a number like 010-66551234, with the extension if there is one."))
    return number


def callable_number(shown: str) -> str:
    """``shown`` as ``tel:`` wants it: digits, and a pause before the extension."""
    number, _sign, extension = re.sub(r"转|ext\.?", "p", shown).partition("p")
    dialled = re.sub(r"[^0-9+]", "", number)
    return f"{dialled},{extension.strip()}" if extension.strip() else dialled


def new_token() -> str:
    """The address of a new public page."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))

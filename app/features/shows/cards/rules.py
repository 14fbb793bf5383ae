"""What a card says beyond the roster, and to whom. Pure. Source: docs/domain.md §3.1."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.features.members.rules import BRANCH_POSTS, Role

SERVICE_SCOPE_LENGTH: Final = 60
OFFICE_PHONE_LENGTH: Final = 30
MOTTO_LENGTH: Final = 40
PARTY_POSTS: Final = frozenset({*BRANCH_POSTS, Role.GROUP_LEADER, Role.COMMITTEE_OFFICER, Role.INSPECTOR})
"""Posts that a card names; who administers this installation is no post of the Party."""
SMALL, LARGE = 96, 320
"""Sides of a portrait in pixels: beside a name in a list, and on a card."""
FIRST_YEAR: Final = 2000


class CardScope(StrEnum):
    """Who may open the card within the instance. The public page has a consent of its own."""

    BRANCH = "branch"
    ORGAN = "organ"


SCOPE_LABELS: Final[Mapping[CardScope, LazyText]] = {
    CardScope.BRANCH: lazy_gettext("My branch"),
    CardScope.ORGAN: lazy_gettext("The whole organ"),
}
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

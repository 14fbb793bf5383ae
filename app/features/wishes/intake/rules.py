"""What a wish's text may say, when two wishes look alike, and what is refused while one comes in. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.private.naming import names_somebody
from app.features.private.rules import Contact
from app.features.wishes.rules import Category


class PersonalDataError(BadInputError):
    field = "need"
    message = _(
        "Title and need are read by all members of the branches: no names, telephone or identity numbers. "
        "They belong to the contact."
    )


class CommunityMissingError(BadInputError):
    field = "community_id"
    message = _("Please choose the community.")


class NoLeaderError(ConflictError):
    field = "community_id"
    message = _("No branch looks after this community yet. The business administrator pairs it with one.")


class ContactMissingError(BadInputError):
    field = "contact"
    message = _("Please add how the wisher can be reached before you hand it in: a phone number or an address.")


class OwnTextError(ConflictError):
    message = _("You took part in this wish yourself; another officer corrects its text.")


class NotChangeableError(ConflictError):
    message = _("This wish is %(state)s; its text can no longer be changed here. An officer can return it.")


ALIKE: Final = 0.6
"""From this likeness on (0 to 1) two wishes are shown beside each other. Found by trying pairs of real titles."""
LOOKED_BACK: Final = timedelta(days=180)
"""How far back duplicates are looked for."""
HINTS_SHOWN: Final = 3
_NOT_SAID: Final = re.compile(r"[\W_]+")


class Correction(Word):
    """What an officer did to the text of a wish after it had been handed in."""

    TEXT = "corrected", _("Text corrected")


@dataclass(frozen=True, slots=True)
class ListedWish:
    """A wish that is there already, as far as it is compared."""

    id: UUID
    code: str
    title: str
    need: str
    category: Category


def check_says_nobody(*texts: str, contact: Contact | None = None) -> None:
    """Let texts pass that name no telephone and no identity number, and not the wisher either.

    They are read by everybody in the paired branches; who wishes stands in the sealed contact.
    """
    if any(names_somebody(text, contact) for text in texts):
        raise PersonalDataError


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1; spaces, punctuation and full-width forms make no difference."""
    return SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def alike(title: str, need: str, category: Category, known: Iterable[ListedWish]) -> list[ListedWish]:
    """Wishes that may be the same one, the most alike first. A hint for people; nothing is ever refused for it."""
    found = [(max(likeness(title, wish.title), _of_needs(need, wish.need)), wish) for wish in known]
    near = [(value + (wish.category is category) * 0.1, wish) for value, wish in found if value >= ALIKE]
    near.sort(key=lambda pair: (-pair[0], pair[1].code))
    return [wish for _value, wish in near[:HINTS_SHOWN]]


def the_only(communities: Collection[UUID]) -> UUID | None:
    """The community that needs no choosing."""
    return next(iter(communities)) if len(communities) == 1 else None


def _of_needs(one: str, other: str) -> float:
    return likeness(one, other) if one and other else 0.0


def _bare(text: str) -> str:
    return _NOT_SAID.sub("", unicodedata.normalize("NFKC", text)).lower()

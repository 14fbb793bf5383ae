"""How long a story is, how its wisher agreed, and which wishes have one. Pure. Source: docs/domain.md §3.2."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.wishes.rules import Status


class NotRealisedError(ConflictError):
    message = _("A story is told once the wish has come true.")


class StoryConsentMissingError(BadInputError):
    field = "agreed"
    message = _("A story is shown only if the wisher agrees. Please ask, and tick it.")


STORY_LENGTH: Final = 300
PHOTO_SIDE: Final = 960
"""Pixels of the photo's longest side."""
TELLABLE: Final = frozenset({Status.REALISED, Status.CLOSED})
"""A story is told of what has come true."""


class AgreedHow(Word):
    """How the wisher agreed."""

    SPOKEN = "spoken", _("said so")
    WRITTEN = "written", _("wrote it down")


CONSENT_VERSION: Final = "2026.1"
CONSENT_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "2026.1": (
            "我同意把这个心愿实现的经过写成一则小故事，给结对党支部的同志看。故事里不写我的姓名、电话和住址，"
            "照片只拍物品、不拍人。我随时可以说“撤下来”，说了马上就撤。"
        )
    }
)
"""What the wisher agrees to, word for word. A text in use is never changed: a new one gets a new version."""


def check_tellable(status: Status) -> None:
    """Let a story be told of a wish that came true.

    Raises:
        NotRealisedError: it has not, or not yet.
    """
    if status not in TELLABLE:
        raise NotRealisedError

"""How a wish is handed over and confirmed, and the slip with which a wisher confirms. Source: docs/domain.md §3.2."""

import secrets
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.wishes.fulfilment.errors import HandedOverDayError

SENTENCE_LENGTH: Final = 200
CODE_DIGITS: Final = 6
"""Digits of the code that a wisher says aloud."""
MOST_FAILURES: Final = 5
"""Wrong codes before a slip is void: guessing one of a million succeeds once in 200,000 slips."""


class ConfirmedHow(StrEnum):
    """How somebody else than the claimers said that it is done."""

    DESK = "desk"
    LINK = "link"
    CODE = "code"


CONFIRMED_LABELS: Final[Mapping[ConfirmedHow, LazyText]] = MappingProxyType(
    {
        ConfirmedHow.DESK: _("by the community or an officer"),
        ConfirmedHow.LINK: _("by the wisher, with the link of the slip"),
        ConfirmedHow.CODE: _("by the wisher, with the spoken code"),
    }
)


def check_day(day: date, *, claimed_on: date, today: date) -> None:
    """Let a day of handing over pass that lies between the claim and today.

    Raises:
        HandedOverDayError: it does not.
    """
    if not claimed_on <= day <= today:
        raise HandedOverDayError


def new_code() -> str:
    """Six digits for a slip, to be read aloud; a leading nought is spoken like the others."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def readable(code: str) -> str:
    """``482913`` → ``482 913``, as it is read aloud."""
    return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"


def read_code(typed: str) -> str | None:
    """The digits somebody meant: spaces and dashes are how people group them, full-width digits how some type."""
    meant = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed if sign not in " -–—　")
    return meant if len(meant) == CODE_DIGITS and meant.isdecimal() else None

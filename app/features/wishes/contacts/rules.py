"""Who opens the contact of a wish as what, how long it stays, and to which texts a wisher agrees. Pure.

Sources: docs/domain.md §9, red line 10; Personal Information Protection Law, articles 14, 29 and 31.
"""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from app.core.errors import BadInputError, ForbiddenError, NotFoundError
from app.core.i18n import language
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.private.rules import ConsentKind
from app.features.wishes.rules import Status


class NoContactError(NotFoundError):
    message = _("There are no contact details of this wish: they were not entered yet, or they are erased.")


class ReasonMissingError(BadInputError):
    field = "reason"
    message = _("Please say in a few words why you look. The wisher may read it.")


class TooManyMeantError(BadInputError):
    """Somebody calls about one wish; a list of people is nobody's to read."""

    field = "asked"
    message = _("That fits many. Please type more of the name, or more digits of the number.")


class TooShortError(BadInputError):
    """One sign would open contacts at random."""

    field = "asked"
    message = _("Please type at least two characters of the name, or the last four digits of the number.")


class NotReadableError(ForbiddenError):
    code = "contact_closed"
    message = _(
        "Contact details are open to whoever holds the wish now, to its collectors "
        "and to the secretary of the leading branch."
    )


MOST_MEANT: Final = 5
"""Wishes that one search finds at most; each is noted as a look at its contact."""


MOST_SEARCHED: Final = 2_000
"""Contacts that one search opens, the newest ones: about a second's work, and more than a desk has in hand."""


def check_asked(asked: str) -> str:
    """What somebody has typed to find a wish by who calls, without what stands between.

    Raises:
        TooShortError: fewer than two characters of a name or four digits.
    """
    meant = "".join(sign for sign in unicodedata.normalize("NFKC", asked) if sign.isalnum())
    if len(meant) < (4 if meant.isdecimal() else 2):
        raise TooShortError
    return meant


KEPT_FOR: Final = timedelta(days=90)
"""After the end of a wish."""
OVER: Final = frozenset({Status.CLOSED, Status.REFERRED, Status.EXPIRED, Status.DRAFT, Status.RETURNED})
"""Where a wish on which nothing happens for ``KEPT_FOR`` gives up its contact. Ours beyond ``closed``: nobody works on
the others either."""
OPEN_TO_CLAIMERS: Final = frozenset({Status.CLAIMED, Status.IN_PROGRESS, Status.TO_CONFIRM})
"""While a claim needs to reach the wisher."""
REASON_LENGTH: Final = 120


class Capacity(Word):
    """As what somebody opens a contact."""

    CLAIMER = "claimer", _("holds the wish")
    COLLECTOR = "collector", _("collector")
    OFFICER = "officer", _("officer of the leading branch")


class ErasedBecause(Word):
    """Why a contact is gone."""

    WITHDRAWN = "withdrawn", _("the wisher took the wish back")
    RETENTION = "retention", _("90 days after the end")
    ASKED = "asked", _("the wisher asked for it")


VERSION: Final = "2026.1"
"""The texts that are shown and recorded today."""
VERSIONS: Final[Mapping[str, str]] = MappingProxyType({"zh_CN": VERSION, "en": f"{VERSION}-en"})
"""The same by language: what is recorded says in which words somebody agreed."""
VERSION_LENGTH: Final = 12
TEXTS: Final[Mapping[str, Mapping[ConsentKind, str]]] = MappingProxyType(
    {
        "2026.1": MappingProxyType(
            {
                ConsentKind.ORDINARY: (
                    "我同意社区登记我的姓名、电话和住址，仅用于核实和实现这个微心愿。只有社区网格员、牵头支部的负责人"
                    "和正在认领这个心愿的党员能看到，每次查看都有记录，我可以随时查问。我可以随时撤回心愿，联系方式会立即"
                    "删除；心愿办结90天后也会自动删除。"
                ),
                ConsentKind.SENSITIVE: (
                    "我单独同意登记与这个心愿有关的健康、残疾或生活困难情况，仅供上门时留意，不公开、不作他用。"
                ),
                ConsentKind.GUARDIAN: "我是孩子的父母或监护人，同意为不满14周岁的孩子登记这个心愿和联系方式。",
            }
        ),
        "2026.1-en": MappingProxyType(
            {
                ConsentKind.ORDINARY: (
                    "I agree that the community keeps my name, telephone number and address, only to check this wish "
                    "and to make it come true. Only the community's workers, those in charge of the leading branch and "
                    "the Party member who has taken this wish can see them; each look is recorded, and I may ask about "
                    "it at any time. I may take the wish back at any time, and how to reach me is then erased at once; "
                    "otherwise it is erased by itself 90 days after the wish is closed."
                ),
                ConsentKind.SENSITIVE: (
                    "I agree, separately, that facts about health, disability or hardship that belong to this wish are "
                    "kept, only to be minded at a visit; they are not published and serve nothing else."
                ),
                ConsentKind.GUARDIAN: (
                    "I am the child's parent or guardian, and agree that this wish and how to reach us are kept for "
                    "the child, who is under 14."
                ),
            }
        ),
    }
)


def version() -> str:
    """Today's texts in the language of whoever reads them: what is recorded when somebody agrees."""
    return VERSIONS[language()]


def texts() -> Mapping[ConsentKind, str]:
    """The texts of today, in the language of whoever reads them."""
    return TEXTS[version()]

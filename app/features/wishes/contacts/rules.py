"""What a contact is, who opens it as what, which consents it needs and how long it stays. Pure.

Sources: docs/domain.md §9, red line 10; Personal Information Protection Law, articles 14, 29 and 31.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.wishes.contacts.errors import ConsentMissingError, GuardianMissingError, SensitiveMissingError
from app.features.wishes.rules import Status

KEPT_FOR: Final = timedelta(days=90)
"""After the end of a wish."""
OVER: Final = frozenset({Status.CLOSED, Status.DECLINED, Status.EXPIRED, Status.DRAFT, Status.RETURNED})
"""Where a wish on which nothing happens for ``KEPT_FOR`` gives up its contact. Ours beyond ``closed``: nobody works on
the others either."""
OPEN_TO_CLAIMERS: Final = frozenset({Status.CLAIMED, Status.IN_PROGRESS, Status.TO_CONFIRM})
"""While a claim needs to reach the wisher."""
NAME_LENGTH: Final = 40
PHONE_LENGTH: Final = 30
ADDRESS_LENGTH: Final = 120
NOTE_LENGTH: Final = 200
REASON_LENGTH: Final = 120


class Capacity(StrEnum):
    """As what somebody opens a contact."""

    CLAIMER = "claimer"
    COLLECTOR = "collector"
    OFFICER = "officer"


class ConsentKind(StrEnum):
    """What a wisher agrees to, each by itself."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    GUARDIAN = "guardian"


class ErasedBecause(StrEnum):
    """Why a contact is gone."""

    WITHDRAWN = "withdrawn"
    RETENTION = "retention"
    ASKED = "asked"


CAPACITY_LABELS: Final[Mapping[Capacity, LazyText]] = MappingProxyType(
    {
        Capacity.CLAIMER: _("holds the wish"),
        Capacity.COLLECTOR: _("collector"),
        Capacity.OFFICER: _("officer of the leading branch"),
    }
)
CONSENT_LABELS: Final[Mapping[ConsentKind, LazyText]] = MappingProxyType(
    {
        ConsentKind.ORDINARY: _("Keeping and passing on the contact"),
        ConsentKind.SENSITIVE: _("Sensitive facts"),
        ConsentKind.GUARDIAN: _("By a parent or guardian"),
    }
)
ERASED_LABELS: Final[Mapping[ErasedBecause, LazyText]] = MappingProxyType(
    {
        ErasedBecause.WITHDRAWN: _("the wisher took the wish back"),
        ErasedBecause.RETENTION: _("90 days after the end"),
        ErasedBecause.ASKED: _("the wisher asked for it"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach a wisher. Nothing of it shows in a ``repr``, so nothing of it gets into a log."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    """What helps at the door: "hard of hearing, ring twice". May be sensitive."""

    @property
    def filled(self) -> tuple[str, ...]:
        """The names of the fields that say something."""
        return tuple(name for name in FIELDS if getattr(self, name))

    def corrected(self, other: "Contact") -> "Contact":
        """This contact with what ``other`` says; where it says nothing, the old stays."""
        return Contact(**{name: getattr(other, name) or getattr(self, name) for name in FIELDS})

    def as_text(self) -> str:
        """What is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Contact":
        """What was sealed."""
        said = json.loads(text)
        return cls(**{name: said[name] for name in FIELDS if name in said})


FIELDS: Final = tuple(part.name for part in fields(Contact))
FIELD_LABELS: Final[Mapping[str, LazyText]] = MappingProxyType(
    {
        "name": _("Name of the wisher"),
        "phone": _("Phone of the wisher"),
        "address": _("Address of the wisher"),
        "note": _("What helps at the door"),
    }
)


def check_consents(contact: Contact, given: Collection[ConsentKind], *, is_child: bool) -> None:
    """Let a contact pass that the wisher has agreed to.

    Raises:
        ConsentMissingError: something is to be kept without the ordinary consent.
        SensitiveMissingError: there is a remark without the separate consent.
        GuardianMissingError: it is a child under 14 and no guardian agreed.
    """
    if not contact.filled:
        return
    if ConsentKind.ORDINARY not in given:
        raise ConsentMissingError
    if contact.note and ConsentKind.SENSITIVE not in given:
        raise SensitiveMissingError
    if is_child and ConsentKind.GUARDIAN not in given:
        raise GuardianMissingError

"""What tells who somebody is: its pieces, the consents it rests on, and what must not say it. Pure.

Sources: docs/domain.md, red line 10; Personal Information Protection Law, articles 14, 29 and 31.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Final

from app.core.errors import BadInputError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word


class ConsentMissingError(BadInputError):
    field = "consent_ordinary"
    message = _("Contact details are kept only if the wisher agrees. Please ask, and tick it.")


class GuardianMissingError(BadInputError):
    field = "consent_guardian"
    message = _("For a child under 14 a parent or guardian agrees. Please ask, and tick it.")


class SensitiveMissingError(BadInputError):
    field = "consent_sensitive"
    message = _(
        "The remark may say something about health or hardship only with a separate consent. Please ask, and tick it."
    )


class NamesSomebodyError(BadInputError):
    field = "sentence"
    message = _(
        "Others read this, and it stays. Please leave out the wisher's name and address and every telephone or "
        "identity number: what was done, or what is missing, is enough."
    )

    def __init__(self, at: str = "sentence") -> None:
        """``at`` is the field of the form in which the text stands."""
        super().__init__()
        self.field = at


NAME_LENGTH: Final = 40
PHONE_LENGTH: Final = 30
ADDRESS_LENGTH: Final = 120
NOTE_LENGTH: Final = 200


class ConsentKind(Word):
    """What a wisher agrees to, each by itself."""

    ORDINARY = "ordinary", _("Keeping and passing on the contact")
    SENSITIVE = "sensitive", _("Sensitive facts")
    GUARDIAN = "guardian", _("By a parent or guardian")


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

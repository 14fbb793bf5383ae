"""Every consent of a member to a public card."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section
from app.features.shows.public import queries
from app.features.shows.public.rules import FIELD_LABELS, PublicField

SECTIONS: Final = (
    Section(
        "card_consents",
        _("Consents to a public card"),
        {
            "given_at": _("Consent given"),
            "withdrawn_at": _("Consent taken back"),
            "withdrawn_by": _("Taken back by"),
            "fields": _("What everybody sees"),
            "text_version": _("Version of the text"),
            "token": _("Web address"),
        },
        lambda session, actor: queries.consents(session, actor.member_id),
        {"fields": lambda fields: ", ".join(str(FIELD_LABELS[PublicField(field)]) for field in fields)},
    ),
)

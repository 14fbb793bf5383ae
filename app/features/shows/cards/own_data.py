"""What is kept of a member's card, and every consent to show it to everybody."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section
from app.features.shows.cards import consents, queries
from app.features.shows.cards.rules import FIELD_LABELS, SCOPE_LABELS, PublicField

SECTIONS: Final = (
    Section(
        "card",
        _("Card"),
        {
            "year": _("Year"),
            "service_scope": _("What I look after"),
            "office_phone": _("Office phone"),
            "motto": _("Motto"),
            "pioneer_post": _("Pioneer post"),
            "shows_joined": _("Shows when I joined"),
            "entered_by": _("Recorded by"),
            "entered_at": _("When"),
        },
        lambda session, actor: queries.identities(session, actor.member_id),
    ),
    Section(
        "portrait",
        _("Photo"),
        {"picture": _("Photo"), "entered_by": _("Recorded by"), "entered_at": _("When")},
        lambda session, actor: queries.own_portrait(session, actor.member_id),
        {"picture": lambda picture: f"{len(picture) / 1024:.0f} kB"},
    ),
    Section(
        "card_sight",
        _("Who may open my card"),
        {"scope": _("Members who may open it"), "chosen_at": _("When")},
        lambda session, actor: queries.own_sight(session, actor.member_id),
        {"scope": lambda scope: str(SCOPE_LABELS[scope])},
    ),
)
CONSENTS: Final = (
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
        lambda session, actor: consents.consents(session, actor.member_id),
        {"fields": lambda fields: ", ".join(str(FIELD_LABELS[PublicField(field)]) for field in fields)},
    ),
)

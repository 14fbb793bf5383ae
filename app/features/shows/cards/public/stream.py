"""Cards that everybody may open, as the house knows them; an installation may do without."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.shows.cards import service
from app.features.stream import Stream, SweepStep, in_one_unit

PUBLIC_CARDS: Final = Stream(
    name="public_cards",
    routes=("app.features.shows.cards.public.routes",),
    sweep=(
        SweepStep(
            _("Public cards of people who have left, withdrawn for good: %(number)s."),
            in_one_unit(service.end_consents_of_leavers),
            erases=True,
        ),
    ),
)

"""The roster, as the house knows it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.roster import uploads
from app.features.stream import Step, Stream, in_one_unit

ROSTER: Final = Stream(
    name="roster",
    routes=("app.features.roster.routes",),
    sweep=(
        Step(
            _("Uploaded rosters that nobody confirmed, forgotten: %(number)s."),
            in_one_unit(uploads.forget_old),
            erases=True,
        ),
    ),
)

"""Reminders outside, as the house knows them."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, Section
from app.features.outward import queries, service
from app.features.stream import Stream, SweepStep, in_one_unit

OUTWARD: Final = Stream(
    name="outward",
    routes=("app.features.outward.routes",),
    own_data=(
        Section(
            "notice_channels",
            _("Where you are reminded outside"),
            {"kind": _("Way"), "to": _("Address"), "state": _("State")},
            lambda session, actor: queries.shown(session, actor, ()),
            of_collectors=True,
        ),
        Section(
            "outward_notices",
            _("Reminders sent outside"),
            {"begun_at": _("When"), "kind": _("Way"), "purpose": _("What"), "state": _("State")},
            lambda session, actor: queries.sent(session, actor, None),
            of_collectors=True,
        ),
    ),
    purposes={
        "notice_channels": Purpose(
            _("Where you are reminded outside, and what was sent there"),
            _("you alone; the service you chose learns the address and that there is something to do, never what"),
            _("so that you hear of it without opening this page; kept for sixty days, the address until you remove it"),
        )
    },
    sweep=(
        SweepStep(
            _("Reminders sent outside, forgotten after sixty days: %(number)s."),
            in_one_unit(service.forget),
            erases=True,
        ),
    ),
)
"""Sending itself is no step of it: it comes after people were reminded (``sweep.py``)."""

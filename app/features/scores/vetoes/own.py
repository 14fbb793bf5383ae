"""The own vetoes, for the person to read and to take along."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.scores.vetoes.models import MemberVeto

SECTION: Final = section(
    "vetoes",
    _("Vetoes about you"),
    {
        MemberVeto.id: _("Id"),
        MemberVeto.year: _("Year"),
        MemberVeto.kind: _("Kind"),
        MemberVeto.basis: _("Basis"),
        MemberVeto.document: _("Number of the decision"),
        MemberVeto.dated: _("Day of the document"),
        MemberVeto.lifts_id: _("Lifts"),
        MemberVeto.stands: _("State"),
    },
    mine=MemberVeto.member_id,
    by=(MemberVeto.id,),
)
PURPOSE: Final = Purpose(
    _("A veto over a year, with its document"),
    _("you and the committee of your branch; never a publicity"),
    _("so that two people answer for it, and it can be lifted"),
)

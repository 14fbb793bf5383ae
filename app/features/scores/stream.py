"""The sheet, and the facts that stand behind it, as the house knows them."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.ledger.models import Fact
from app.features.stream import OwnPage, Stream

SCORES: Final = Stream(
    name="scores",
    routes=("app.features.scores.routes",),
    pages=(OwnPage("/sheet", "sheet", _("My sheet")),),
    own_data=(
        section(
            "facts",
            _("Ledger"),
            {
                Fact.seq: _("Number"),
                Fact.fact_type: _("Fact"),
                Fact.grade: _("Grade"),
                Fact.quantity: _("Quantity"),
                Fact.occurred_on: _("Day"),
                Fact.counts_in: _("Counts in"),
                Fact.matter: _("Matter"),
                Fact.note: _("Remark"),
                Fact.reversal_of: _("Takes back"),
                Fact.posted_at: _("Posted"),
            },
            mine=Fact.member_id,
            by=(Fact.posted_at, Fact.seq),
        ),
    ),
)

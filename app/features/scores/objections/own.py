"""The own objections, for the person to read and to take along."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.scores.objections.models import Objection

SECTION: Final = section(
    "objections",
    _("Objections"),
    {
        Objection.year: _("Year"),
        Objection.quarter: _("Quarter"),
        Objection.number: _("Number"),
        Objection.about: _("About"),
        Objection.matter: _("Standing"),
        Objection.rule_id: _("Line"),
        Objection.day: _("Day"),
        Objection.words: _("What"),
        Objection.filed_at: _("Filed on"),
        Objection.state: _("State"),
        Objection.declined_because: _("Why it was not taken up"),
        Objection.answer_by: _("Answer by"),
        Objection.outcome: _("Outcome"),
        Objection.reasons: _("Reasons"),
        Objection.answered_at: _("Answered"),
        Objection.escalate_until: _("To be taken further until"),
        Objection.escalated_at: _("Taken further on"),
        Objection.decide_by: _("Decision by"),
        Objection.decision: _("Final decision"),
        Objection.decision_reasons: _("Reasons of the decision"),
        Objection.decided_at: _("Decided"),
        Objection.ended_at: _("Ended"),
    },
    mine=Objection.member_id,
    by=(Objection.filed_at, Objection.id),
)
PURPOSE: Final = Purpose(
    _("Your objections to facts and standing"),
    _("you, the officers of your branch who decide, and the committee where it is theirs to decide"),
    _("so that a wrong or missing fact is put right; upward go numbers alone"),
)

"""Facts, objections, vetoes, signatures and archived sheets, for the person to read and to take along."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.ledger.models import Fact
from app.features.scores.archive.models import ArchivedSheet, Archiving, Reopening, Signature
from app.features.scores.objections.models import Objection
from app.features.scores.vetoes.models import MemberVeto

_FACTS: Final = section(
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
)
_OBJECTIONS: Final = section(
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
_OF_OBJECTIONS: Final = Purpose(
    _("Your objections to facts and standing"),
    _("you, the officers of your branch who decide, and the committee where it is theirs to decide"),
    _("so that a wrong or missing fact is put right; upward go numbers alone"),
)
_VETOES: Final = section(
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
_OF_VETOES: Final = Purpose(
    _("A veto over a year, with its document"),
    _("you and the committee of your branch; it is never shown at a publicity"),
    _("so that two people answer for it, and it can be lifted"),
)
_OF_YEARS: Final = (
    section(
        "signatures",
        _("Signatures under sheets"),
        {
            Signature.year: _("Year"),
            Signature.version: _("Version"),
            Signature.opened_on: _("Asked on"),
            Signature.due_on: _("To sign by"),
            Signature.said: _("Said"),
            Signature.words: _("Reservation"),
            Signature.why: _("Why not signed"),
            Signature.said_at: _("Said at"),
        },
        mine=Signature.member_id,
        by=(Signature.year, Signature.version),
    ),
    section(
        "archived_sheets",
        _("Archived sheets"),
        {
            ArchivedSheet.year: _("Year"),
            ArchivedSheet.version: _("Version"),
            ArchivedSheet.content: _("Content"),
            ArchivedSheet.sha256: _("Check code"),
            ArchivedSheet.archived_at: _("Archived"),
        },
        mine=ArchivedSheet.member_id,
        by=(ArchivedSheet.year, ArchivedSheet.version),
    ),
    section(
        "archivings",
        _("Proposals to archive"),
        {Archiving.year: _("Year"), Archiving.stands: _("State"), Archiving.entered_at: _("Entered")},
        mine=Archiving.member_id,
        by=(Archiving.year, Archiving.entered_at),
    ),
    section(
        "reopenings",
        _("Archived sheets opened again"),
        {
            Reopening.year: _("Year"),
            Reopening.version: _("Version"),
            Reopening.reason: _("Reason"),
            Reopening.document: _("Document no."),
            Reopening.reopened_at: _("Opened again"),
        },
        mine=Reopening.member_id,
        by=(Reopening.year, Reopening.version),
    ),
)
_SHEETS: Final = Purpose(
    _("Your signed and archived sheets"),
    _("you and the officers of your branch"),
    _("so that a year that is over stays as it was, and can be proved"),
)
SECTIONS: Final = (_FACTS, _OBJECTIONS, _VETOES, *_OF_YEARS)
PURPOSES: Final = {
    _OBJECTIONS.name: _OF_OBJECTIONS,
    _VETOES.name: _OF_VETOES,
    **dict.fromkeys((one.name for one in _OF_YEARS), _SHEETS),
}

"""A publicity that is open, and an objection under it."""

from app.core import clock
from app.core.ids import new_id
from app.features.scores.cycle.rules import deadlines
from app.features.scores.objections import filing, service
from app.features.scores.objections.corrections import Correction, SignedWords
from app.features.scores.objections.rules import About, ObjectionOutcome
from app.features.scores.publicity.models import Publicity

WORDS = "那天我在参加防汛值班，已向书记报告。"
REASONS = "核对了值班表，情况属实。"


def open_publicity(session, branch, proposer, approver, opened_on, *, year=2026, quarter=1, days=3):
    """Opened on that day, with all its steps and days."""
    found, moment = deadlines(opened_on, days), clock.midnight(opened_on)
    by = {f"{step}_by_id": proposer.id for step in ("checked", "published")} | {"approved_by_id": approver.id}
    at = {f"{step}_at": moment for step in ("proposed", "checked", "approved", "published")}
    days_of = {"opened_on": opened_on, "ends_on": found.ends, "objections_until": found.objections_until}
    publicity = Publicity(
        branch_id=branch.id,
        year=year,
        quarter=quarter,
        working_days=days,
        reception=proposer.name,
        proposed_by_id=proposer.id,
        heads="0",
        **by,
        **at,
        **days_of,
    )
    session.add(publicity)
    session.flush()


def object_to(session, member, fact=None, **said):
    """File one, about a fact or, where none is given, about a missing one."""
    about = {"about": About.FACT, "fact": fact.id} if fact else {"about": About.MISSING, "rule": "B2"}
    return filing.file_objection(
        session, member.actor, **{"id": new_id(), "words": WORDS, "year": 2026, "quarter": None} | about | said
    )


def answer(session, officer, objection_id, outcome=ObjectionOutcome.REFUSED, **correction):
    """Answer it, with what is corrected."""
    service.answer(session, officer.actor, objection_id, SignedWords(outcome, REASONS, Correction(**correction)))


def decide(session, officer, objection_id, outcome=ObjectionOutcome.REFUSED, **correction):
    """Decide it for good."""
    service.decide(session, officer.actor, objection_id, SignedWords(outcome, REASONS, Correction(**correction)))

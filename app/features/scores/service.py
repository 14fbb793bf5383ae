"""Pinning rule sets to years."""

from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.features.ledger.closings import is_archived
from app.features.members import audit
from app.features.members.rules import AuditAction
from app.features.scores.errors import YearArchivedError
from app.features.scores.models import RulePeriod
from app.features.scores.versions import rules_of, version_of

_PERIODS: Final = cast(Table, RulePeriod.__table__)
_PINNED: Final = select(RulePeriod).where(RulePeriod.year == bindparam("year")).with_for_update()


def pin_rules(session: Session, *, year: int, version: str) -> None:
    """Keep ``version`` for the sheets of ``year`` unless one is kept already; the first pin stands."""
    row = {"year": year, "version": rules_of(session, version).version, "pinned_at": clock.now()}
    session.execute(insert_ignoring_duplicates(session, _PERIODS), [row])


def hold_rules(session: Session, *, year: int) -> None:
    """Hold the rules that a year has until the unit of work ends, and keep them for it where none are kept yet.

    Who opens a publicity of the year and who publishes rules for it come one after the other.
    """
    pin_rules(session, year=year, version=version_of(session, year))
    session.scalars(_PINNED, {"year": year}).one()


def change_rules(session: Session, *, year: int, version: str, by: UUID | None = None) -> None:
    """Compute the sheets of ``year`` with ``version`` from now on; the same again changes nothing.

    ``by`` is ``None`` for a command on the server.

    Raises:
        UnknownRuleSetError: it neither comes with the product nor was published here.
        YearArchivedError: the sheets of the year are archived, the first ones or all, with another version.
    """
    pin_rules(session, year=year, version=version)
    pinned = session.scalars(_PINNED, {"year": year}).one()
    if pinned.version == version:
        return
    if is_archived(session, year):
        raise YearArchivedError(year=year, version=pinned.version)
    changes = audit.changed({"version": pinned.version}, {"version": version})
    audit.record(session, by, AuditAction.RULES_CHANGED, audit.Subject(str(year)), changes)
    pinned.version, pinned.pinned_at = version, clock.now()
    session.flush()

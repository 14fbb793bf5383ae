"""Pinning rule sets to years."""

from typing import Final, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.features.ledger.periods import open_from
from app.features.members import audit
from app.features.members.rules import AuditAction
from app.features.scores.errors import YearArchivedError
from app.features.scores.models import RulePeriod
from app.features.scores.rule_set import rule_set

_PERIODS: Final = cast(Table, RulePeriod.__table__)
_PINNED: Final = select(RulePeriod).where(RulePeriod.year == bindparam("year")).with_for_update()


def pin_rules(session: Session, *, year: int, version: str) -> None:
    """Keep ``version`` for the sheets of ``year`` unless one is kept already; the first pin stands."""
    row = {"year": year, "version": rule_set(version).version, "pinned_at": clock.now()}
    session.execute(insert_ignoring_duplicates(session, _PERIODS), [row])


def change_rules(session: Session, *, year: int, version: str) -> None:
    """Compute the sheets of ``year`` with ``version`` from now on; the same again changes nothing.

    Raises:
        UnknownRuleSetError: it does not come with the product.
        YearArchivedError: the year is over, and its sheets stand with another version.
    """
    pin_rules(session, year=year, version=version)
    pinned = session.scalars(_PINNED, {"year": year}).one()
    if pinned.version == version:
        return
    if year < open_from(clock.today()).year:
        raise YearArchivedError(year=year, version=pinned.version)
    changes = audit.changed({"version": pinned.version}, {"version": version})
    audit.record(session, None, AuditAction.RULES_CHANGED, audit.Subject(str(year)), changes)
    pinned.version, pinned.pinned_at = version, clock.now()
    session.flush()

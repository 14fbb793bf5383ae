"""The proof that an archived sheet is as it was: ledger and rule set give the same bytes again."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.core.rows import IDS
from app.core.words import Word
from app.features.ledger import years as ledger
from app.features.ledger.chain import Entry
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.scores.archive import kept, snapshot
from app.features.scores.archive.models import ArchivedSheet
from app.features.scores.archive.snapshot import Content
from app.features.scores.errors import UnknownRuleSetError
from app.features.scores.versions import rules_of, source

_ARCHIVED: Final = select(AuditEntry.subject_id, AuditEntry.changes).where(
    AuditEntry.action == AuditAction.SHEET_ARCHIVED, AuditEntry.subject_id.in_(IDS)
)


class ProofFault(Word):
    """Why a sheet is not proved."""

    TEXT = "text", _("the text was changed")
    CHAIN = "chain", _("the ledger is another one than then")
    RULES = "rules", _("the rule set is another one than then, or gone")
    FACTS = "facts", _("facts and rules give another sheet")
    LOG = "log", _("the audit log noted another check code when it was archived")


def fault_of(session: Session, sheet: ArchivedSheet) -> ProofFault | None:
    """What proves that an archived sheet is not as it was; None where it is, byte for byte.

    Its text has its digest, the chains still pass where they ended then, the rule set still has its digest, and facts
    and rules give the same text again, whose digest is the one that the audit log noted, as long as it is kept. That
    each chain is whole is for ``sanliang ledger verify`` to prove.
    """
    rows = ledger.rows_of_year(session, [sheet.member_id], sheet.year)[sheet.member_id]
    return _fault(session, sheet, rows, _noted(session, [sheet]))


def faults(session: Session, progress: Callable[[int], object]) -> Iterator[tuple[ArchivedSheet, ProofFault]]:
    """The same of every archived sheet of the installation, some at a time; ``progress`` is told how many were read.

    The session must see one moment throughout (``Database.snapshot``).
    """
    for part in kept.all_sheets(session):
        for year, sheets in groupby(part, attrgetter("year")):
            of_year = list(sheets)
            rows = ledger.rows_of_year(session, [sheet.member_id for sheet in of_year], year)
            noted = _noted(session, of_year)
            for sheet in of_year:
                if found := _fault(session, sheet, rows[sheet.member_id], noted):
                    yield sheet, found
        progress(len(part))
        session.expunge_all()


def _noted(session: Session, sheets: Sequence[ArchivedSheet]) -> Mapping[tuple[UUID, str, str], str]:
    """Which digest the audit log noted of a person, year and version: what the log's chain proves as well."""
    rows = session.execute(_ARCHIVED, {"ids": sorted({sheet.member_id for sheet in sheets})})
    said = [(row.subject_id, {name: str(after) for name, (_before, after) in row.changes.items()}) for row in rows]
    return {(member_id, one["year"], one["version"]): one["sha256"] for member_id, one in said}


def _fault(
    session: Session, sheet: ArchivedSheet, rows: Sequence[Entry], noted: Mapping[tuple[UUID, str, str], str]
) -> ProofFault | None:
    if snapshot.digest(sheet.content) != sheet.sha256:
        return ProofFault.TEXT
    content: Content = json.loads(sheet.content)
    for branch, head in content["heads"].items():
        if head["seq"] and ledger.digest_at(session, UUID(branch), head["seq"]) != head["digest"]:
            return ProofFault.CHAIN
    version = content["rules"]["version"]
    try:
        if source(session, version).digest != content["rules"]["sha256"]:
            return ProofFault.RULES
    except UnknownRuleSetError:
        return ProofFault.RULES
    given = {key: value for key, value in content.items() if key not in snapshot.COMPOSED}
    again = snapshot.canonical(snapshot.compose(given, rows, rules_of(session, version)))
    if again != sheet.content:
        return ProofFault.FACTS
    key = (sheet.member_id, str(sheet.year), str(sheet.version))
    return ProofFault.LOG if noted.get(key, sheet.sha256) != sheet.sha256 else None

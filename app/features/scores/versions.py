"""The versions of rule sets: those that come with the product as files, and those this installation has published."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from app.features.scores.errors import RuleSetRefusedError, UnknownRuleSetError
from app.features.scores.models import PublishedRuleSet, RulePeriod
from app.features.scores.rule_set import RULE_SETS_DIR, RuleSet, newest_for, read_rule_set, rule_set, versions

_YEAR: Final = bindparam("year", type_=Integer())
PINNED: Final = select(RulePeriod.version).where(RulePeriod.year == _YEAR).scalar_subquery()
"""The version that ``:year`` keeps, in a statement."""
_LAST: Final = (
    select(RulePeriod.version)
    .where(RulePeriod.year < _YEAR)
    .order_by(RulePeriod.year.desc())
    .limit(1)
    .scalar_subquery()
)
BEFORE: Final = select(PublishedRuleSet.version).where(PublishedRuleSet.version == _LAST).scalar_subquery()
"""The version of the last year before that keeps one, if this installation made it."""
_CHOSEN: Final = select(PINNED.label("pinned"), BEFORE.label("before"))
_PUBLISHED: Final = select(PublishedRuleSet).where(PublishedRuleSet.version == bindparam("version"))
_TEXT: Final = select(PublishedRuleSet.text).where(PublishedRuleSet.version == bindparam("version"))
HAS_OWN: Final = select(PublishedRuleSet.version).where(PublishedRuleSet.version > "").exists()
"""Whether this installation has published any version, in a statement: the first one of the key's index says it."""
_VERSIONS: Final = select(PublishedRuleSet.version)


@dataclass(frozen=True, slots=True)
class Source:
    """A version as it was published. Its text never changes."""

    version: str
    text: str
    year: int | None = None
    """The year it was published for; ``None``: it comes with the product."""
    published_at: datetime | None = None
    edited_by_id: UUID | None = None
    published_by_id: UUID | None = None
    reason: str | None = None
    document: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the text: what ``sha256sum`` says of the file."""
        return digest(self.text)


def digest(text: str) -> str:
    """SHA-256 of a rule set's text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def source(session: Session, version: str) -> Source:
    """A version with its text; what was published here is not replaced by a later file of the same number.

    Raises:
        UnknownRuleSetError: neither comes with the product nor was published here.
    """
    row = session.scalars(_PUBLISHED, {"version": version}).one_or_none()
    if row is None and version in versions():
        return Source(version, (RULE_SETS_DIR / f"{version}.json").read_bytes().decode())
    if row is None:
        raise UnknownRuleSetError(version=version, known=", ".join(known(session)))
    return Source(
        version, row.text, row.year, row.published_at, row.edited_by_id, row.published_by_id, row.reason, row.document
    )


def rules_of(session: Session, version: str, *, has_own: bool = True) -> RuleSet:
    """The rule set of a version, read once and checked. ``has_own``: see ``HAS_OWN``; False spares a statement.

    Raises:
        UnknownRuleSetError: neither comes with the product nor was published here.
        RuleSetRefusedError: its text cannot stand.
    """
    text = session.scalar(_TEXT, {"version": version}) if has_own else None
    if text is None and version in versions():
        return rule_set(version)
    rules = parsed(text or source(session, version).text)
    if rules.version != version:
        raise RuleSetRefusedError([f"{version}: {rules.version}"])
    return rules


def known(session: Session) -> list[str]:
    """All versions there are, the oldest first."""
    return sorted({*versions(), *session.scalars(_VERSIONS)}, key=place)


def place(version: str) -> tuple[int, int]:
    """Year and number of a version such as 2026.10, to sort by."""
    year, number = version.split(".")
    return int(year), int(number)


def version_for(year: int, pinned: str | None, before: str | None) -> str:
    """The version of a year: the one it keeps (``PINNED``); else that of the year before (``BEFORE``), made here.

    The numbers an installation has decided on go on until it decides on others; a newer product changes none of them.
    """
    return pinned or before or newest_for(year)


def version_of(session: Session, year: int) -> str:
    """The same, asked of the database."""
    return version_for(year, *session.execute(_CHOSEN, {"year": year}).one())


@lru_cache(maxsize=8)
def parsed(text: str) -> RuleSet:
    """A rule set from its text, read once. ``RuleSetRefusedError``: something in it cannot stand."""
    return read_rule_set(text)

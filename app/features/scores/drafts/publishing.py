"""A rule set becomes one that nobody changes, and the one of a year."""

from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.features.members import audit
from app.features.members.rules import AuditAction
from app.features.scores import service
from app.features.scores.drafts import rules
from app.features.scores.models import PublishedRuleSet
from app.features.scores.publicity import queries as publicity
from app.features.scores.rule_set import RuleSet, read_rule_set
from app.features.scores.versions import digest, known, rules_of, source, version_of

_PUBLISHED: Final = cast(Table, PublishedRuleSet.__table__)


def publish(
    session: Session,
    *,
    text: str,
    year: int,
    edited_by: UUID | None = None,
    published_by: UUID | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> RuleSet:
    """Keep ``text`` for ever under the version it names, and compute the sheets of ``year`` with it from now on.

    ``edited_by`` and ``published_by`` are both ``None`` for a command on the server.

    Raises:
        RuleSetRefusedError: something in it cannot stand.
        VersionTakenError: its version is one of the product's, or was published.
    """
    found = read_rule_set(text)
    _check_year(session, year, excepted=reason is not None)
    if found.version in known(session):  # SQLite's trigger would say so without a name; elsewhere the key decides
        raise rules.VersionTakenError
    row = {
        "version": found.version,
        "text": text,
        "digest": digest(text),
        "year": year,
        "edited_by_id": edited_by,
        "published_by_id": published_by,
        "published_at": clock.now(),
        "reason": reason,
        "document": document,
    }
    with refusing(session, {"pk_published_rule_sets": rules.VersionTakenError}):
        session.execute(insert(_PUBLISHED), row)
    said = {"year": year, "digest": row["digest"], "reason": reason, "document": document}
    whose = audit.Subject(found.version)
    audit.record(session, published_by, AuditAction.RULES_PUBLISHED, whose, audit.changed({}, said))
    service.change_rules(session, year=year, version=found.version, by=published_by)
    return found


def use(session: Session, *, year: int, version: str | None = None, text: str | None = None) -> str:
    """Compute the sheets of ``year`` with a ``version`` that there is, or with the ``text`` of one, by a command.

    A text that stands under its version already is not published twice; gives the version.

    Raises:
        UnknownRuleSetError: there is no such version.
        RuleSetRefusedError: something in the text cannot stand.
        VersionTakenError: the version of the text says something else.
    """
    if text is not None:
        version = read_rule_set(text).version
        if version not in known(session):
            return publish(session, text=text, year=year).version
        if source(session, version).digest != digest(text):
            raise rules.VersionTakenError
    version = rules_of(session, version or "").version
    if version != version_of(session, year):
        _check_year(session, year)
    service.change_rules(session, year=year, version=version)
    return version


def _check_year(session: Session, year: int, *, excepted: bool = False) -> None:
    """Let a year pass as it is, and as no publicity that opens at this moment makes it any more."""
    rules.check_year(year, clock.today(), None)
    service.hold_rules(session, year=year)
    rules.check_year(year, clock.today(), publicity.first_of_year(session, None, year), excepted=excepted)

"""Drafts and versions, for those who keep the rules of points, and for whom a draft is open."""

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.core.rows import IDS, one_row
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.rules import Permission
from app.features.scores.drafts.editing import Piece
from app.features.scores.drafts.models import RuleSetDraft
from app.features.scores.drafts.rules import Stands
from app.features.scores.models import PublishedRuleSet, RulePeriod
from app.features.scores.versions import Source, known, source

_Editor, _Proposer, _Publisher = aliased(Member), aliased(Member), aliased(Member)
_DRAFTS: Final = (
    select(
        RuleSetDraft.id,
        RuleSetDraft.version,
        RuleSetDraft.base,
        RuleSetDraft.text,
        RuleSetDraft.stands,
        RuleSetDraft.year,
        RuleSetDraft.edited_at,
        RuleSetDraft.edited_by_id,
        RuleSetDraft.proposed_by_id,
        _Editor.name.label("edited_by"),
        _Proposer.name.label("proposed_by"),
    )
    .join(_Editor, _Editor.id == RuleSetDraft.edited_by_id)
    .outerjoin(_Proposer, _Proposer.id == RuleSetDraft.proposed_by_id)
)
_OPEN: Final = _DRAFTS.where(RuleSetDraft.stands.in_([Stands.EDITING, Stands.PROPOSED])).order_by(RuleSetDraft.version)
_PROPOSED: Final = _DRAFTS.where(RuleSetDraft.stands == Stands.PROPOSED).order_by(RuleSetDraft.version)
_DRAFT: Final = _DRAFTS.where(RuleSetDraft.id == bindparam("draft"))
_YEARS: Final = select(RulePeriod.version, RulePeriod.year).order_by(RulePeriod.year)
_NAMES: Final = (
    select(_Editor.name.label("edited_by"), _Publisher.name.label("published_by"))
    .join_from(PublishedRuleSet, _Editor, _Editor.id == PublishedRuleSet.edited_by_id)
    .join(_Publisher, _Publisher.id == PublishedRuleSet.published_by_id)
    .where(PublishedRuleSet.version == bindparam("version"))
)
_TOP: Final = select(exists().where(Organisation.parent_id.is_(None), Organisation.id.in_(IDS)))


def is_top(session: Session, actor: Actor) -> bool:
    """Whether the actor is an officer of the committee over everything."""
    return bool(actor.leads) and bool(session.scalar(_TOP, {"ids": sorted(actor.leads)}))


def may_read(session: Session, actor: Actor) -> bool:
    """Whether drafts are the actor's to read: who keeps the rules, and officers of the committee over everything."""
    return actor.may(Permission.KEEP_RULES) or is_top(session, actor)


def drafts(session: Session, actor: Actor) -> Sequence[Row[*tuple[object, ...]]]:
    """What is being changed: everything for those who keep the rules, for everybody what waits to be published."""
    return session.execute(_OPEN if may_read(session, actor) else _PROPOSED).all()


def draft(session: Session, actor: Actor, draft_id: UUID) -> Row[*tuple[object, ...]]:
    """One of them."""
    row = one_row(session, _DRAFT, {"draft": draft_id})
    if row.stands is Stands.PROPOSED or may_read(session, actor):
        return row
    raise NotFoundError


def versions(session: Session) -> list[tuple[Source, list[int]]]:
    """All versions with the years that keep them, the newest first."""
    years: dict[str, list[int]] = {}
    for row in session.execute(_YEARS):
        years.setdefault(row.version, []).append(row.year)
    return [(source(session, version), years.get(version, [])) for version in reversed(known(session))]


def publishers(session: Session, version: str) -> tuple[str, str] | None:
    """Who edited and who published it; nobody where it comes with the product or by a command."""
    row = session.execute(_NAMES, {"version": version}).one_or_none()
    return (row.edited_by, row.published_by) if row else None


def piece(text: str) -> Piece:
    """A rule set's text as what is edited."""
    found: Piece = json.loads(text)
    return found

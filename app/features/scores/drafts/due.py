"""What rule sets ask of people: a second word before one is published, another publicity after an exception."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Uuid, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.scores.drafts import queries
from app.features.scores.drafts.models import RuleSetDraft
from app.features.scores.drafts.rules import Stands
from app.features.scores.models import PublishedRuleSet
from app.features.scores.publicity.models import Publicity
from app.features.stream import Queue

_WAITING: Final = select(func.count()).where(
    RuleSetDraft.stands == Stands.PROPOSED,
    RuleSetDraft.proposed_by_id != bindparam("me", type_=Uuid()),
    RuleSetDraft.edited_by_id != bindparam("me", type_=Uuid()),
)
_AGAIN: Final = (
    select(PublishedRuleSet.version, Publicity.year, Publicity.quarter)
    .join(
        Publicity, and_(Publicity.year == PublishedRuleSet.year, Publicity.published_at < PublishedRuleSet.published_at)
    )
    .where(
        PublishedRuleSet.reason.is_not(None),
        Publicity.withdrawn_at.is_(None),
        Publicity.branch_id == bindparam("branch", type_=Uuid()),
    )
    .order_by(Publicity.year, func.coalesce(Publicity.quarter, 5))
)


def again(session: Session, branch_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The periods of a branch that were publicised before the top committee changed the rules of their year."""
    return session.execute(_AGAIN, {"branch": branch_id}).all()


def queues(session: Session, actor: Actor, _today: date) -> Iterator[Queue]:
    """Rule sets that wait for the actor as the second person, and periods to be publicised again."""
    if actor.may(Permission.PUBLISH_RULES) and queries.may_read(session, actor):
        number = session.scalar(_WAITING, {"me": actor.member_id}) or 0
        yield Queue(_("Rule sets to publish"), number, "/rules")
    if actor.may(Permission.APPROVE) and (rows := again(session, actor.branch_id)):
        words = _("the rules of that year were changed")
        yield Queue(_("Periods to publicise again"), len(rows), f"/rules/{rows[0].version}", words)

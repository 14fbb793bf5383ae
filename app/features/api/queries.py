"""What the page of tokens shows, and whose token it is that comes to the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.api import rules
from app.features.api.models import ApiToken
from app.features.api.rules import Scope, TokenState
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.rules import Permission
from app.features.members.two_people import Stands
from app.features.sign_in.tokens import digest

SEES_ALL: Final = (Permission.ADMINISTER_SYSTEM, Permission.MANAGE_ALL_PEOPLE, Permission.AUDIT)
_Entered, _Decided = aliased(Member), aliased(Member)
_LIST: Final = (
    select(ApiToken, Organisation.name, _Entered.name, _Decided.name)
    .join(Organisation, Organisation.id == ApiToken.reach_id)
    .join(_Entered, _Entered.id == ApiToken.entered_by_id)
    .outerjoin(_Decided, _Decided.id == ApiToken.decided_by_id)
    .order_by(ApiToken.id.desc())
)
_REACHING: Final = _LIST.where(ApiToken.reach_id.in_(bindparam("places", type_=Uuid(), expanding=True)))
_WAITING: Final = select(ApiToken.scopes, ApiToken.reach_id, ApiToken.entered_by_id).where(
    ApiToken.stands == Stands.WAITING, ApiToken.ended_at.is_(None), ApiToken.ends_on >= bindparam("today")
)
_KEY: Final = select(ApiToken.id, ApiToken.scopes, ApiToken.reach_id, ApiToken.entered_by_id).where(
    ApiToken.token_digest == bindparam("digest"),
    ApiToken.ended_at.is_(None),
    ApiToken.ends_on >= bindparam("today", type_=Date()),
)


@dataclass(frozen=True, slots=True)
class ShownToken:
    """One token as the page shows it."""

    id: UUID
    name: str
    scopes: Sequence[Scope]
    reach: str
    ends_on: date
    state: TokenState
    entered_by: str
    decided_by: str | None
    last_used_on: date | None
    may_confirm: bool
    may_take: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Key:
    """What a good token opens."""

    token_id: UUID
    scopes: frozenset[str]
    reach_id: UUID


def tokens(session: Session, actor: Actor) -> list[ShownToken]:
    """The tokens that read the actor's branch, for administrators all of them; the latest first."""
    everything = any(map(actor.may, SEES_ALL))
    asked = {} if everything else {"places": [actor.branch_id, *powers.ladder(session, actor.branch_id)]}
    return [_shown(actor, *row) for row in session.execute(_LIST if everything else _REACHING, asked)]


def waiting(session: Session, actor: Actor) -> int:
    """How many wait for the actor's word."""
    return sum(
        rules.sees_what_it_reads(actor, row.scopes, row.reach_id) and row.entered_by_id != actor.member_id
        for row in session.execute(_WAITING, {"today": clock.today()})
    )


def key(session: Session, secret: str) -> Key | None:
    """What ``secret`` opens today; ``None``: nothing, also since who took it is no system administrator any more."""
    row = session.execute(_KEY, {"digest": digest(secret), "today": clock.today()}).one_or_none()
    holder = powers.standing(session, row.entered_by_id) if row else None
    if row is None or holder is None or Permission.ADMINISTER_SYSTEM not in holder.permissions:
        return None
    return Key(row.id, frozenset(row.scopes), row.reach_id)


def _shown(actor: Actor, token: ApiToken, reach: str, entered_by: str, decided_by: str | None) -> ShownToken:
    state = token.state
    is_mine = token.entered_by_id == actor.member_id
    is_open = state in (TokenState.WAITING, TokenState.CONFIRMED, TokenState.IN_USE)
    sees = rules.sees_what_it_reads(actor, token.scopes, token.reach_id)
    return ShownToken(
        id=token.id,
        name=token.name,
        scopes=[Scope(scope) for scope in Scope if scope in token.scopes],
        reach=reach,
        ends_on=token.ends_on,
        state=state,
        entered_by=entered_by,
        decided_by=decided_by,
        last_used_on=token.last_used_on,
        may_confirm=state is TokenState.WAITING and sees and not is_mine,
        may_take=state is TokenState.CONFIRMED and is_mine and actor.may(Permission.ADMINISTER_SYSTEM),
        may_end=is_open and rules.may_end(actor, token.reach_id),
    )

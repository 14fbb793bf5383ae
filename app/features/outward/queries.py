"""What a person sees of the own ways, what own data takes along, and how ways stand for who looks after the machine."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.members.actor import Actor
from app.features.outward import sending, service
from app.features.outward.living import LIVES
from app.features.outward.models import NoticeChannel, OutwardNotice
from app.features.outward.rules import ChannelKind, ChannelState, ServiceAnswer

Rows = Sequence[Row[*tuple[Any, ...]]]
LATELY: Final = timedelta(days=3)
"""How far back the page of the system administrator looks."""
LISTED: Final = 20
_OWN: Final = (
    select(NoticeChannel)
    .where(NoticeChannel.member_id == bindparam("me"), NoticeChannel.state != ChannelState.ENDED, LIVES)
    .order_by(NoticeChannel.id)
)
_SENT: Final = (
    select(
        OutwardNotice.channel_id,
        OutwardNotice.kind,
        OutwardNotice.purpose,
        OutwardNotice.begun_at,
        OutwardNotice.state,
        OutwardNotice.answer,
    )
    .where(OutwardNotice.member_id == bindparam("me"))
    .order_by(OutwardNotice.begun_at.desc(), OutwardNotice.id.desc())
)
_LATELY: Final = (
    select(OutwardNotice.kind, OutwardNotice.answer, func.max(OutwardNotice.tried_at), func.max(OutwardNotice.detail))
    .where(OutwardNotice.tried_at > bindparam("since"), OutwardNotice.answer.is_not(None))
    .group_by(OutwardNotice.kind, OutwardNotice.answer)
)
_OF_SERVICE: Final = frozenset({ServiceAnswer.REFUSED, ServiceAnswer.UNREACHABLE, ServiceAnswer.UNKNOWN})
"""Answers that tell of the way and not of one person's address."""


class Shown(NamedTuple):
    """A way as its person sees it."""

    id: UUID
    kind: ChannelKind
    state: ChannelState
    to: str
    """The address; of a robot only its end, of a browser what it is called."""
    endpoint_digest: str
    last: Row[*tuple[Any, ...]] | None
    """What was sent on it last."""


class WayState(NamedTuple):
    """How a way of the installation stands."""

    kind: ChannelKind
    missing: str
    """What is not set yet; empty: nothing."""
    last_taken: datetime | None
    failed: ServiceAnswer | None
    """What the service said since then, if that was no."""
    detail: str

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look."""
        return not self.missing and self.failed is None


def shown(session: Session, actor: Actor, notices: Rows) -> list[Shown]:
    """The actor's ways, the eldest first; ``notices`` are what was ``sent`` to the actor."""
    last = {row.channel_id: row for row in reversed(notices)}
    return [
        Shown(one.id, one.kind, one.state, _to(one), one.endpoint_digest or "", last.get(one.id))
        for one in session.scalars(_OWN, {"me": actor.member_id})
    ]


def sent(session: Session, actor: Actor, most: int | None = LISTED) -> Rows:
    """What was sent to the actor in the last sixty days, newest first."""
    return session.execute(_SENT.limit(most), {"me": actor.member_id}).all()


def standing(session: Session, now: datetime) -> list[WayState]:
    """How each way that the installation has named stands; no person is in it."""
    rows = session.execute(_LATELY, {"since": now - LATELY}).all()
    found: list[WayState] = []
    for kind in sending.hosts(settings()):
        taken = max(
            (at for of, answer, at, _said in rows if of is kind and answer is ServiceAnswer.TAKEN), default=None
        )
        worse = [
            (at, answer, said)
            for of, answer, at, said in rows
            if of is kind and answer in _OF_SERVICE and (taken is None or at > taken)
        ]
        _at, failed, detail = max(worse, default=(None, None, ""))
        found.append(WayState(kind, sending.missing(settings(), kind), taken, failed, detail))
    return found


def _to(channel: NoticeChannel) -> str:
    if channel.kind is ChannelKind.PUSH:
        return channel.label or _("A browser")
    try:
        to = service.held(channel)["to"]
    except AppError:  # without its key the page stands
        return _("sealed")
    return to if channel.kind in {ChannelKind.MAIL, ChannelKind.WECOM} else f"… {to[-6:]}"

"""Ways of people, as they stand in the database, and a courier that answers as it is told."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.core.sealing import sealer
from app.features.outward.models import NoticeChannel
from app.features.outward.rules import Answer, ChannelKind, ChannelState, Verdict
from tests.makers import Person

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning
TAKEN = Verdict(Answer.TAKEN)


def make_channel(
    session: Session,
    person: Person,
    kind: ChannelKind = ChannelKind.WECOM,
    *,
    to: str = "ai.li",
    state: ChannelState = ChannelState.ON,
    **columns: Any,
) -> NoticeChannel:
    """A way to ``person``, proven and on unless said otherwise."""
    channel_id = new_id()
    sealed, key_id = sealer().seal(json.dumps({"to": to, "secret": ""}), belongs_to=channel_id)
    if kind is ChannelKind.PUSH:
        columns = {"endpoint_digest": f"{channel_id.hex}{channel_id.hex}", "label": "Edge · Windows", **columns}
    channel = NoticeChannel(
        id=channel_id,
        member_id=person.id,
        kind=kind,
        state=state,
        **{"sealed": sealed, "key_id": key_id, "language": "zh_CN", "made_at": MONDAY, **columns},
    )
    session.add(channel)
    session.flush()
    return channel


class Carrier:
    """Stands in for the courier: what it was given is in ``orders``, and it answers ``answers`` in turn, then yes."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.answers: list[Verdict] = []
        self.while_away: Callable[[], object] = lambda: None

    @contextmanager
    def __call__(self, patience: float = 0):
        yield self.carry

    def carry(self, order):
        self.orders.append(order)
        self.while_away()
        return self.answers.pop(0) if self.answers else TAKEN

    @property
    def told(self):
        """To whom, in their order."""
        return [order["to"] for order in self.orders]

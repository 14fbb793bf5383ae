"""Ways of people, as they stand in the database, and a courier that answers as it is told."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.core.sealing import sealer
from app.features.outward.models import NoticeChannel
from app.features.outward.rules import ChannelKind, ChannelState, Delivered, ServiceAnswer
from app.features.sign_in.models import KnownDevice, SignInSession
from app.features.sign_in.tokens import digest
from tests.makers import Person

_SESSION = select(SignInSession.id).where(SignInSession.token_digest == bindparam("token_digest"))
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning
TAKEN = Delivered(ServiceAnswer.TAKEN)


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
        digests = dict.fromkeys(("endpoint_digest", "device_digest"), f"{channel_id.hex}{channel_id.hex}")
        columns = {**digests, "label": "Edge · Windows", **columns}
        make_known(session, person, token_digest=columns["device_digest"])
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


def make_known(session: Session, person: Person, *, token_digest: str = "") -> None:
    """The browser in which ``person`` is signed in is known; or another one that keeps ``token_digest``."""
    its = None if token_digest else session.scalars(_SESSION, {"token_digest": digest(person.token)}).one()
    token_digest = token_digest or digest(f"device of {person.id}")
    session.add(KnownDevice(member_id=person.id, token_digest=token_digest, session_id=its, device="Edge · Windows"))
    session.flush()


class Carrier:
    """Stands in for the courier: what it was given is in ``orders``, and it answers ``answers`` in turn, then yes."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.answers: list[Delivered] = []
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

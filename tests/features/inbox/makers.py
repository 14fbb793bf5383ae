"""Items at the door of the inbox, for tests."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.inbox.arrivals import Arrival, Grave
from app.features.inbox.rules import ACCEPTED
from app.features.inbox.service import accept_once
from tests.makers import Person

RECEIVED_AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def new_arrival(member: Person, **columns: Any) -> Arrival:
    """An item of ``member`` that will be accepted, unless said otherwise."""
    return Arrival(
        **{
            "id": new_id(),
            "member_id": member.id,
            "branch_id": member.branch_id,
            "device_id": "phone",
            "handed_over_by_id": None,
            "kind": "test.note",
            "payload": "{}",
            "content_hash": "0" * 64,
            "occurred_as_sent": "2026-03-09T10:00:00+08:00",
            "occurred_at": RECEIVED_AT,
            "corrected_at": RECEIVED_AT,
            "received_at": RECEIVED_AT,
            "seq": 1,
            "depends_on": None,
            "made_offline": True,
            "would_be_refused": None,
            "outcome": ACCEPTED,
            **columns,
        }
    )


def new_grave(member: Person, **columns: Any) -> Grave:
    """The grave of an item of ``member`` that has not come yet."""
    return Grave(
        **{
            "id": new_id(),
            "member_id": member.id,
            "branch_id": member.branch_id,
            "received_at": RECEIVED_AT,
            **columns,
        }
    )


def make_item(session: Session, member: Person, **columns: Any) -> Arrival:
    """``new_arrival``, taken in."""
    arrival = new_arrival(member, **columns)
    accept_once(session, [arrival])
    return arrival

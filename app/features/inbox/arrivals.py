"""What stands at the door of the inbox: an item to be taken in, or the grave of one that may still come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.features.inbox.rules import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One well-formed item as it stands at the door, with the outcome it gets if it is new."""

    id: UUID
    member_id: UUID
    branch_id: UUID
    device_id: str
    handed_over_by_id: UUID | None
    kind: str
    payload: str | None
    """Canonical JSON; None for a refused item, which stays on the phone."""
    content_hash: str
    occurred_as_sent: str
    occurred_at: datetime
    corrected_at: datetime
    received_at: datetime
    seq: int
    depends_on: UUID | None
    made_offline: bool
    would_be_refused: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """The id of an item that was withdrawn and may not have come yet."""

    id: UUID
    member_id: UUID
    branch_id: UUID
    received_at: datetime

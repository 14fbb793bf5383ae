"""The one table of everything that was captured. Its key is the phone's own id, so an item exists once or not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.rows import only
from app.features.members.models import Member, Organisation
from app.features.sync.rules import (
    CODE_LENGTH,
    DEVICE_LENGTH,
    KIND_LENGTH,
    MESSAGE_LENGTH,
    OCCURRED_LENGTH,
    ItemState,
    Verdict,
)


class InboxItem(Base):
    """A thing captured on a phone, with the first outcome it got; a tombstone once it is withdrawn or erased."""

    __tablename__ = "inbox_items"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('accepted', 'review', 'held') OR payload IS NOT NULL", name="living_has_content"
        ),
        CheckConstraint(
            "state NOT IN ('withdrawn', 'erased') OR (payload IS NULL AND occurred_as_sent IS NULL)",
            name="tombstone_has_no_content",
        ),
        CheckConstraint("state IN ('withdrawn', 'erased') OR content_hash IS NOT NULL", name="item_has_hash"),
        CheckConstraint("state IN ('withdrawn', 'erased') OR verdict IS NOT NULL", name="item_has_first_outcome"),
        CheckConstraint("(state = 'held') = (held_until IS NOT NULL)", name="held_until_some_day"),
        CheckConstraint("state <> 'held' OR depends_on IS NOT NULL", name="held_for_another"),
        CheckConstraint("verdict IN ('accepted', 'review', 'held', 'refused')", name="first_outcome_is_one"),
        CheckConstraint("depends_on <> id", name="waits_not_for_itself"),
        Index("ix_inbox_items_waiting", "depends_on", **only("state = 'held'")),
        Index("ix_inbox_items_overdue", "held_until", **only("state = 'held'")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="made on the phone at the moment of the act")
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    device_id: Mapped[str | None] = mapped_column(String(DEVICE_LENGTH))
    handed_over_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Member.id), comment="the officer who took it in from a file"
    )
    kind: Mapped[str | None] = mapped_column(String(KIND_LENGTH), comment="null in a grave dug before the item came")
    payload: Mapped[str | None] = mapped_column(Text, comment="canonical JSON, at most 8 KiB")
    content_hash: Mapped[str | None] = mapped_column(String(64), comment="SHA-256 of kind, payload, occurred_at")
    occurred_as_sent: Mapped[str | None] = mapped_column(String(OCCURRED_LENGTH), comment="the phone's words, exactly")
    occurred_at: Mapped[datetime | None] = mapped_column(comment="the same as a moment, by the phone's clock")
    corrected_at: Mapped[datetime | None] = mapped_column(comment="by our clock: shifted with its batch")
    received_at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(comment="counter of the phone: order survives a wrong clock")
    depends_on: Mapped[UUID | None]
    made_offline: Mapped[bool]
    would_be_refused: Mapped[str | None] = mapped_column(String(CODE_LENGTH), comment="what the phone knew already")
    state: Mapped[ItemState]
    held_until: Mapped[datetime | None]
    verdict: Mapped[Verdict | None] = mapped_column(comment="the first one, for ever")
    code: Mapped[str | None] = mapped_column(String(CODE_LENGTH))
    message: Mapped[str | None] = mapped_column(String(MESSAGE_LENGTH), comment="as it was said the first time")

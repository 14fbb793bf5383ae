"""By which ways people let themselves be reminded outside, and what was sent to them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.enum_columns import words_under
from app.core.ids import new_id
from app.core.rows import only
from app.core.sealing import KEY_ID_LENGTH
from app.features.members.models import Member
from app.features.outward.rules import MOST_ATTEMPTS, ChannelKind, ChannelState, NoticeState, Purpose, ServiceAnswer

_OPEN: Final = "state IN ('underway', 'waiting')"


class NoticeChannel(Base):
    """One way to one person, chosen by that person. The address is sealed, and erased when it ends."""

    __tablename__ = "notice_channels"
    __table_args__ = (
        CheckConstraint("(state = 'ended') = (sealed IS NULL)", name="sealed_until_it_ends"),
        CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name="sealed_with_a_key"),
        CheckConstraint("(kind = 'push') = (endpoint_digest IS NOT NULL)", name="a_browser_has_an_endpoint"),
        CheckConstraint("device_digest IS NULL OR kind = 'push'", name="a_known_browser"),
        CheckConstraint("(state = 'unproven') = (code_until IS NOT NULL)", name="a_code_until_it_is_proven"),
        CheckConstraint("language IN ('zh_CN', 'en')", name="in_a_language_of_ours"),
        Index(
            "uq_notice_channels_kind", "member_id", "kind", unique=True, **only("state <> 'ended' AND kind <> 'push'")
        ),
        Index("uq_notice_channels_endpoint", "endpoint_digest", unique=True, **only("state <> 'ended'")),
        Index("ix_notice_channels_on", "kind", "told_at", **only("state = 'on'")),
        Index("ix_notice_channels_member_id", "member_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    kind: Mapped[ChannelKind]
    state: Mapped[ChannelState]
    sealed: Mapped[str | None] = mapped_column(Text, comment="address, secret and code, as JSON")
    key_id: Mapped[str | None] = mapped_column(String(KEY_ID_LENGTH))
    language: Mapped[str] = mapped_column(String(5), comment="in which the person is spoken to")
    label: Mapped[str] = mapped_column(String(60), default="", comment="of a browser: how its owner would call it")
    endpoint_digest: Mapped[str | None] = mapped_column(String(64), comment="SHA-256 of a browser's address")
    device_digest: Mapped[str | None] = mapped_column(
        String(64), comment="of a browser: what it keeps, as in known_devices"
    )
    code_until: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    told_at: Mapped[datetime | None] = mapped_column(comment="when the last reminder on it was begun")


class OutwardNotice(Base):
    """A notice that left or should have. Whether anybody has read it is not known (red line 2)."""

    __tablename__ = "outward_notices"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="waits_for_a_moment"),
        CheckConstraint(f"attempts BETWEEN 1 AND {MOST_ATTEMPTS}", name="attempts_have_an_end"),
        CheckConstraint("purpose = 'reminder' OR state <> 'waiting'", name="only_reminders_are_repeated"),
        Index("uq_outward_notices_open", "channel_id", unique=True, **only(f"{_OPEN} AND purpose = 'reminder'")),
        Index("ix_outward_notices_open", "state", "next_at", **only(_OPEN)),
        Index("ix_outward_notices_member", "member_id", "begun_at"),
        Index("ix_outward_notices_channel_id", "channel_id"),
        Index("ix_outward_notices_kind", "kind", "tried_at"),
        Index("ix_outward_notices_begun_at", "begun_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey(NoticeChannel.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    kind: Mapped[ChannelKind]
    purpose: Mapped[Purpose]
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.UNDERWAY)
    attempts: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime]
    tried_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    answer: Mapped[ServiceAnswer | None] = mapped_column(words_under("answer", ServiceAnswer))
    detail: Mapped[str] = mapped_column(String(40), default="", comment="numbers of the service, no names")

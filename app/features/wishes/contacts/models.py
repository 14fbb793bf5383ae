"""Contacts as sealed texts, the consents they rest on, who looked at them, and when they were erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.sealing import KEY_ID_LENGTH
from app.features.members.models import Member
from app.features.private.rules import ConsentKind
from app.features.wishes.contacts.rules import REASON_LENGTH, VERSION_LENGTH, Capacity, ErasedBecause
from app.features.wishes.models import Wish


class WishContact(Base):
    """How to reach the wisher, sealed with a key that is not in the database. Erasing it deletes the row."""

    __tablename__ = "wish_contacts"
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text, comment="see core/sealing.py; bound to wish_id")
    key_id: Mapped[str] = mapped_column(String(KEY_ID_LENGTH), index=True, comment="which key sealed it")
    filled: Mapped[list[str]] = mapped_column(JSON, comment="which fields say something; not what")
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
    kept_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: the public form")


class WishConsent(Base):
    """A wisher agreed to a text. Triggers let nobody change or remove it; it says nothing of who it was."""

    __tablename__ = "wish_consents"
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id), primary_key=True)
    kind: Mapped[ConsentKind] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(VERSION_LENGTH), primary_key=True, comment="of the text")
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: the public form")


class ContactLook(Base):
    """Somebody opened a contact. Triggers let nobody change or remove it."""

    __tablename__ = "contact_looks"
    __table_args__ = (
        CheckConstraint("(capacity = 'officer') = (reason IS NOT NULL)", name="officers_say_why"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_not_blank"),
        Index("ix_contact_looks_wish", "wish_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    capacity: Mapped[Capacity]
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))


class ContactErasure(Base):
    """A contact was erased: when, why and how many fields, nothing of what they said. Triggers keep it as it is."""

    __tablename__ = "contact_erasures"
    __table_args__ = (
        CheckConstraint("fields > 0", name="erased_something"),
        Index("ix_contact_erasures_wish", "wish_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    because: Mapped[ErasedBecause]
    fields: Mapped[int] = mapped_column(comment="how many were filled")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: the passing time, or the wisher")

"""What came into the box and what was answered. Whoever did not sign is not in it: no name, no device, no hour."""

from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.complaints.rules import State
from app.features.members.models import Member, Organisation

DIGEST_LENGTH: Final = 64


class Complaint(Base):
    """One opinion or complaint. It has a sender or the digest of a receipt, never both."""

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("receipt_digest", name="uq_complaints_receipt"),
        CheckConstraint("(sender_id IS NULL) = (receipt_digest IS NOT NULL)", name="signed_or_by_receipt"),
        CheckConstraint("about_id <> sender_id", name="not_about_its_sender"),
        CheckConstraint("(line_year IS NULL) = (line_rule IS NULL)", name="a_whole_line"),
        CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name="answered_in_words"),
        CheckConstraint("(state = 'answered') = (answered_by_id IS NOT NULL)", name="answered_by_somebody"),
        CheckConstraint("(state = 'waiting') = (ended_on IS NULL)", name="ended_iff_over"),
        CheckConstraint("(state = 'withdrawn') = (length(said) = 0)", name="nothing_kept_of_what_was_taken_back"),
        CheckConstraint("answered_by_id <> sender_id", name="not_answered_by_its_sender"),
        CheckConstraint("answered_by_id <> about_id", name="not_answered_by_whom_it_is_about"),
        CheckConstraint("due_on > sent_on", name="due_later"),
        Index("ix_complaints_place", "place_id", "state", "due_on"),
        Index("ix_complaints_sender", "sender_id", "sent_on"),
        Index("ix_complaints_state", "state", "ended_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, comment="of no time: it tells nobody the hour")
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="who answers")
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: not signed")
    receipt_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="does not read or answer it")
    line_year: Mapped[int | None] = mapped_column(comment="of the sheet whose line is asked about")
    line_rule: Mapped[str | None] = mapped_column(String(4))
    said: Mapped[str] = mapped_column(Text)
    sent_on: Mapped[date] = mapped_column(default=clock.today)
    due_on: Mapped[date] = mapped_column(comment="the last day for the answer")
    state: Mapped[State] = mapped_column(default=State.WAITING)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    ended_on: Mapped[date | None] = mapped_column(comment="answered or taken back")

"""Meetings, their agenda, and who is expected."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.sealing import KEY_ID_LENGTH
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import rules
from app.features.members.models import Member, Organisation


def _not_blank(column: str, most: int, name: str) -> CheckConstraint:
    return CheckConstraint(f"length(trim({column})) BETWEEN 1 AND {most}", name=name)


class MeetingEvent(Base):
    """One gathering of a branch, however many kinds of meeting it is. What happened to it stands in events."""

    __tablename__ = "meeting_events"
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="ends_after_start"),
        _not_blank("title", rules.TITLE_LENGTH, "has_title"),
        _not_blank("place", rules.PLACE_LENGTH, "place_not_blank"),
        _not_blank("backfill_reason", rules.REASON_LENGTH, "backfill_reason_not_blank"),
        CheckConstraint("fixed_day BETWEEN 1 AND 31", name="fixed_day_of_a_month"),
        CheckConstraint("linked_to_id <> id", name="not_linked_to_itself"),
        CheckConstraint("version >= 1", name="version_from_one"),
        Index("ix_meeting_events_branch", "branch_id", "begins_at"),
        Index("ix_meeting_events_state", "state", "begins_at"),
        Index("ix_meeting_events_linked_to_id", "linked_to_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the host")
    title: Mapped[str] = mapped_column(String(rules.TITLE_LENGTH))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(String(rules.PLACE_LENGTH))
    chair_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    recorder_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    organiser_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    fixed_day: Mapped[int | None] = mapped_column(comment="day of the month it is held on; the copy begins there")
    linked_to_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("meeting_events.id"), comment="the first event of the same gathering, never one that is linked"
    )
    backfill_reason: Mapped[str | None] = mapped_column(String(rules.REASON_LENGTH), comment="recorded afterwards 补录")
    state: Mapped[rules.EventState] = mapped_column(default=rules.EventState.PLANNED)
    version: Mapped[int] = mapped_column(default=1, comment="goes up with each list of attendance that is saved")
    planned_at: Mapped[datetime] = mapped_column(default=clock.now)


class MeetingItem(Base):
    """What stands on the agenda, each kind once."""

    __tablename__ = "meeting_items"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", name="uq_meeting_items_kind_once"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),
        CheckConstraint("NOT study OR kind = 'theme_day'", name="study_of_a_theme_day"),
        CheckConstraint("group_id IS NULL OR kind = 'group'", name="group_of_a_group_meeting"),
        _not_blank("speaker", rules.NAME_LENGTH, "speaker_not_blank"),
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_events.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="on the agenda, from 1")
    kind: Mapped[Kind]
    minutes: Mapped[int] = mapped_column(default=0, comment="of education; never points (red line 2)")
    study: Mapped[bool] = mapped_column(default=False, comment="the theme day was used to study")
    speaker: Mapped[str | None] = mapped_column(String(rules.NAME_LENGTH))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey(Organisation.id), comment="NULL: every group")


class MeetingExpected(Base):
    """Who is expected: written when the meeting is planned, and brought along with those who move."""

    __tablename__ = "meeting_expected"
    __table_args__ = (Index("ix_meeting_expected_member", "member_id", "event_id"),)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_events.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    capacity: Mapped[rules.Capacity]
    is_full: Mapped[bool] = mapped_column(comment="a full member, on the day of the event")
    is_exempt: Mapped[bool] = mapped_column(comment="invited, never absent")
    is_gone: Mapped[bool] = mapped_column(default=False, comment="left the branch by the day of the event")
    own_branch_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Organisation.id), comment="the own branch on the day of the event; NULL: the host"
    )


class MeetingGuest(Base):
    """Who sits in on one meeting 列席: a member who is not expected there, or somebody without an account, by name."""

    __tablename__ = "meeting_guests"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id", name="uq_meeting_guests_member_once"),
        UniqueConstraint("event_id", "name", name="uq_meeting_guests_name_once"),
        CheckConstraint("(member_id IS NULL) <> (name IS NULL)", name="member_or_name"),
        _not_blank("name", rules.NAME_LENGTH, "name_not_blank"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_events.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), index=True)
    name: Mapped[str | None] = mapped_column(String(rules.NAME_LENGTH), comment="of somebody without an account")
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))


class VenueCode(Base):
    """The 20 random bytes that a meeting's codes come from: made with its plan, given to its organiser's phone."""

    __tablename__ = "venue_codes"
    __table_args__ = (CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name="key_iff_sealed"),)
    id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id), primary_key=True, comment="the meeting's")
    sealed: Mapped[str | None] = mapped_column(Text, comment="the secret; NULL: erased")
    key_id: Mapped[str | None] = mapped_column(String(KEY_ID_LENGTH))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class MeetingBranch(Base):
    """Another branch that meets jointly with the host, once one of its officers has said so."""

    __tablename__ = "meeting_branches"
    __table_args__ = (
        CheckConstraint("(answer = 'asked') = (answered_by_id IS NULL)", name="by_whom_iff_answered"),
        Index("ix_meeting_branches_branch", "branch_id", "event_id"),
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_events.id"), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    answer: Mapped[rules.Joins] = mapped_column(default=rules.Joins.ASKED)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))

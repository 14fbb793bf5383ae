"""Meetings, their agenda, who is expected, and who was there: one row a person, and every tick for ever.

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KINDS = (
    "members_meeting",
    "committee",
    "group",
    "lecture",
    "theme_day",
    "org_life",
    "review",
    "study_session",
    "volunteering",
    "joint",
    "other",
)


def upgrade() -> None:
    """Make the change."""
    _events()
    _items()
    _expected()
    _ticks()
    _attendances()
    triggers.final(op, "meeting_events", "state", ("cancelled",))
    triggers.append_only(op, "attendance_ticks")


def downgrade() -> None:
    """Take it back."""
    op.drop_table("attendances")
    triggers.drop_append_only(op, "attendance_ticks")
    op.drop_table("attendance_ticks")
    op.drop_table("meeting_expected")
    op.drop_table("meeting_items")
    triggers.drop_final(op, "meeting_events", "state")
    op.drop_table("meeting_events")


def _events() -> None:
    op.create_table(
        "meeting_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="the host"),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("recorder_id", sa.Uuid(), nullable=True),
        sa.Column("organiser_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fixed_day", sa.BigInteger(), nullable=True, comment="day of the month it is held on; the copy begins there"
        ),
        sa.Column(
            "linked_to_id",
            sa.Uuid(),
            nullable=True,
            comment="the first event of the same gathering, never one that is linked",
        ),
        sa.Column("backfill_reason", sa.String(length=200), nullable=True, comment="recorded afterwards 补录"),
        sa.Column("state", _enum("eventstate", "planned", "recorded", "cancelled"), nullable=False),
        sa.Column(
            "version", sa.BigInteger(), nullable=False, comment="goes up with each list of attendance that is saved"
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        *_checks(
            "meeting_events",
            ends_after_start="ends_at > begins_at",
            has_title="length(trim(title)) BETWEEN 1 AND 120",
            place_not_blank="length(trim(place)) BETWEEN 1 AND 80",
            backfill_reason_not_blank="length(trim(backfill_reason)) BETWEEN 1 AND 200",
            fixed_day_of_a_month="fixed_day BETWEEN 1 AND 31",
            not_linked_to_itself="linked_to_id <> id",
            version_from_one="version >= 1",
        ),
        *_keys(
            "meeting_events",
            branch_id="organisations",
            chair_id="members",
            recorder_id="members",
            organiser_id="members",
            linked_to_id="meeting_events",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_events")),
    )
    op.create_index("ix_meeting_events_branch", "meeting_events", ["branch_id", "begins_at"], unique=False)
    op.create_index("ix_meeting_events_state", "meeting_events", ["state", "begins_at"], unique=False)
    op.create_index("ix_meeting_events_linked_to_id", "meeting_events", ["linked_to_id"], unique=False)


def _items() -> None:
    op.create_table(
        "meeting_items",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False, comment="on the agenda, from 1"),
        sa.Column("kind", _enum("kind", *KINDS), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False, comment="of education; never points (red line 2)"),
        sa.Column("study", sa.Boolean(), nullable=False, comment="the theme day was used to study"),
        sa.Column("speaker", sa.String(length=60), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True, comment="NULL: every group"),
        *_checks(
            "meeting_items",
            minutes_of_a_day="minutes BETWEEN 0 AND 1440",
            study_of_a_theme_day="NOT study OR kind = 'theme_day'",
            group_of_a_group_meeting="group_id IS NULL OR kind = 'group'",
            speaker_not_blank="length(trim(speaker)) BETWEEN 1 AND 60",
        ),
        *_keys("meeting_items", event_id="meeting_events", group_id="organisations"),
        sa.PrimaryKeyConstraint("event_id", "place", name=op.f("pk_meeting_items")),
        sa.UniqueConstraint("event_id", "kind", name="uq_meeting_items_kind_once"),
    )


def _expected() -> None:
    op.create_table(
        "meeting_expected",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", _enum("capacity", "member", "committee", "group", "attached", "guest"), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False, comment="a full member, on the day of the event"),
        sa.Column("is_exempt", sa.Boolean(), nullable=False, comment="invited, never absent"),
        sa.Column("is_gone", sa.Boolean(), nullable=False, comment="left the branch by the day of the event"),
        *_keys("meeting_expected", event_id="meeting_events", member_id="members"),
        sa.PrimaryKeyConstraint("event_id", "member_id", name=op.f("pk_meeting_expected")),
    )
    op.create_index("ix_meeting_expected_member", "meeting_expected", ["member_id", "event_id"], unique=False)


def _ticks() -> None:
    op.create_table(
        "attendance_ticks",
        sa.Column("id", sa.Uuid(), nullable=False, comment="in the order of time"),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", _enum("state", "present", "absent", "leave", "not_expected"), nullable=False),
        sa.Column("leave", _enum("leave", "official", "sick", "statutory", "private", "asked"), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False, comment="more than 30 minutes"),
        sa.Column("left_early", sa.Boolean(), nullable=False, comment="more than 30 minutes"),
        sa.Column("source", _enum("source", "tick", "code", "leave", "backfill"), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True, comment="why what was confirmed is corrected"),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_checks(
            "attendance_ticks",
            leave_iff_on_leave="(state = 'leave') = (leave IS NOT NULL)",
            late_or_early_only_if_present="state = 'present' OR NOT (is_late OR left_early)",
            late_or_early_never_both="NOT (is_late AND left_early)",
            note_not_blank="length(trim(note)) BETWEEN 1 AND 200",
        ),
        *_keys("attendance_ticks", event_id="meeting_events", member_id="members", recorded_by_id="members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_ticks")),
        sa.UniqueConstraint("id", "event_id", "member_id", name="uq_attendance_ticks_whose"),
    )
    op.create_index("ix_attendance_ticks_member", "attendance_ticks", ["member_id", "event_id", "id"], unique=False)
    op.create_index("ix_attendance_ticks_event", "attendance_ticks", ["event_id", "member_id"], unique=False)


def _attendances() -> None:
    op.create_table(
        "attendances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("tick_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "member_id"],
            ["meeting_expected.event_id", "meeting_expected.member_id"],
            name="fk_attendances_expected",
        ),
        sa.ForeignKeyConstraint(
            ["tick_id", "event_id", "member_id"],
            ["attendance_ticks.id", "attendance_ticks.event_id", "attendance_ticks.member_id"],
            name="fk_attendances_own_tick",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("event_id", "member_id", name="uq_attendances_once"),
    )
    op.create_index("ix_attendances_member", "attendances", ["member_id", "event_id"], unique=False)


def _enum(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _checks(table: str, **rules: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()]


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]

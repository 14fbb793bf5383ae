"""The code of the room: the secret of each meeting, and every check-in that came.

Revision: 0033, after 0032.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

OUTCOMES = ("good", "late", "doubtful", "refused")
REASONS = (
    "not_expected", "cancelled", "too_many_tries", "wrong_code", "code_expired", "clock_skew", "too_early", "after_end",
    "unchecked",
)  # fmt: skip


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "venue_codes",
        sa.Column("id", sa.Uuid(), nullable=False, comment="the meeting's"),
        sa.Column("sealed", sa.Text(), nullable=True, comment="the secret; NULL: erased"),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name=op.f("ck_venue_codes_key_iff_sealed")),
        sa.ForeignKeyConstraint(["id"], ["meeting_events.id"], name=op.f("fk_venue_codes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_codes")),
    )
    op.create_table(
        "meeting_checkins",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made on the phone at the moment of the act"),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False, comment="or who took it in from a file"),
        sa.Column("device_id", sa.String(length=80), nullable=True, comment="NULL: typed on a page"),
        sa.Column("seq", sa.BigInteger(), nullable=True, comment="counter of that phone"),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False, comment="by the phone's clock"),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False, comment="by our clock"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", _word("checkin", *OUTCOMES), nullable=False),
        sa.Column("reason", _word("reason", *REASONS), nullable=True),
        sa.Column("minutes_late", sa.BigInteger(), nullable=True, comment="whole ones after the beginning"),
        sa.Column(
            "minutes_off", sa.BigInteger(), nullable=True, comment="between the code and the moment, where it expired"
        ),
        sa.Column("tick_id", sa.Uuid(), nullable=True, comment="what came of it, if anything"),
        sa.CheckConstraint(
            "outcome = 'good' OR outcome = 'late' OR reason IS NOT NULL",
            name=op.f("ck_meeting_checkins_reason_unless_sure"),
        ),
        sa.CheckConstraint(
            "outcome <> 'refused' OR tick_id IS NULL", name=op.f("ck_meeting_checkins_refused_ticks_nothing")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["meeting_events.id"], name=op.f("fk_meeting_checkins_event_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_meeting_checkins_member_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_meeting_checkins_recorded_by_id")),
        sa.ForeignKeyConstraint(["tick_id"], ["attendance_ticks.id"], name=op.f("fk_meeting_checkins_tick_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_checkins")),
    )
    op.create_index("ix_meeting_checkins_event", "meeting_checkins", ["event_id", "member_id"], unique=False)
    op.create_index("ix_meeting_checkins_member", "meeting_checkins", ["member_id", "event_id"], unique=False)
    op.create_index("uq_meeting_checkins_tick", "meeting_checkins", ["tick_id"], unique=True)
    triggers.append_only(op, "meeting_checkins")


def downgrade() -> None:
    """Take it back."""
    triggers.drop_append_only(op, "meeting_checkins")
    op.drop_table("meeting_checkins")
    op.drop_table("venue_codes")

"""Minutes of the items of a meeting.

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS = (
    "members_meeting", "committee", "group", "lecture", "theme_day", "org_life", "review", "study_session",
    "volunteering", "joint", "other",
)  # fmt: skip


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "meeting_minutes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("topic", sa.String(length=120), nullable=True),
        sa.Column("text", sa.String(length=4000), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True, comment="NULL: as planned"),
        sa.Column("recorder_id", sa.Uuid(), nullable=True, comment="NULL: as planned"),
        sa.Column("speaker", sa.String(length=60), nullable=True, comment="NULL: as planned"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_meeting_minutes_version_from_one")),
        sa.CheckConstraint(
            "coalesce(length(trim(topic)), 0) + coalesce(length(trim(text)), 0) > 0",
            name=op.f("ck_meeting_minutes_says_something"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_meeting_minutes_{column}"))
            for column, other in {
                "chair_id": "members",
                "event_id": "meeting_events",
                "recorder_id": "members",
                "written_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("event_id", "kind", name=op.f("pk_meeting_minutes")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("meeting_minutes")

"""Guests of meetings.

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "meeting_guests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=True, comment="of somebody without an account"),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(member_id IS NULL) <> (name IS NULL)", name=op.f("ck_meeting_guests_member_or_name")),
        sa.CheckConstraint("length(trim(name)) BETWEEN 1 AND 60", name=op.f("ck_meeting_guests_name_not_blank")),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_meeting_guests_{column}"))
            for column, other in {
                "event_id": "meeting_events",
                "member_id": "members",
                "added_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_guests")),
        sa.UniqueConstraint("event_id", "member_id", name="uq_meeting_guests_member_once"),
        sa.UniqueConstraint("event_id", "name", name="uq_meeting_guests_name_once"),
    )
    op.create_index(op.f("ix_meeting_guests_member_id"), "meeting_guests", ["member_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("meeting_guests")

"""Other branches at joint events.

Revision: 0036, after 0035.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "meeting_branches",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("asked", "joined", "declined", name="joins", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answer = 'asked') = (answered_by_id IS NULL)", name=op.f("ck_meeting_branches_by_whom_iff_answered")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_meeting_branches_{column}"))
            for column, other in {
                "event_id": "meeting_events",
                "branch_id": "organisations",
                "answered_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("event_id", "branch_id", name=op.f("pk_meeting_branches")),
    )
    op.create_index("ix_meeting_branches_branch", "meeting_branches", ["branch_id", "event_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("meeting_branches")

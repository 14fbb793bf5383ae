"""What members did to make up for a meeting.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "make_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False, comment="branch-local day, never before the meeting's"),
        sa.Column(
            "how",
            sa.Enum(
                "another_group",
                "brought",
                "materials",
                "told",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "member_id"],
            ["attendances.event_id", "attendances.member_id"],
            name="fk_make_ups_attendance",
        ),
        sa.ForeignKeyConstraint(["id"], ["reviews.id"], name=op.f("fk_make_ups_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_make_ups")),
    )
    op.create_index("ix_make_ups_attendance", "make_ups", ["event_id", "member_id"], unique=False)
    op.create_index("ix_make_ups_member", "make_ups", ["member_id", "done_on"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("make_ups")

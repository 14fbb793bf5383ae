"""Reminders, and what people do not want to be reminded of.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "reminders",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False, comment="for the sentence; see the source"),
        sa.Column(
            "raised_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="never within three days of the one before",
        ),
        sa.Column("until", sa.Date(), nullable=True, comment="the last day on which it matters"),
        sa.Column(
            "state",
            sa.Enum(
                "shown",
                "put_aside",
                "silenced",
                "settled",
                name="reminderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "address LIKE '/%' AND address NOT LIKE '//%'", name=op.f("ck_reminders_address_on_this_site")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_reminders_member_id")),
        sa.PrimaryKeyConstraint("member_id", "source", "subject_id", name=op.f("pk_reminders")),
    )
    op.create_index("ix_reminders_source", "reminders", ["source", "raised_at"], unique=False)
    op.create_table(
        "silenced_sources",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_silenced_sources_member_id")),
        sa.PrimaryKeyConstraint("member_id", "source", name=op.f("pk_silenced_sources")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("silenced_sources")
    op.drop_index("ix_reminders_source", table_name="reminders")
    op.drop_table("reminders")

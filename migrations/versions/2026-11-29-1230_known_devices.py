"""Browsers on which an account was opened are known to it.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "known_devices",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False, comment="of what the browser keeps"),
        sa.Column("session_id", sa.Uuid(), nullable=True, comment="the last one opened there"),
        sa.Column("device", sa.String(length=80), nullable=False, comment="browser and system, as the owner reads it"),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=False, comment="when the account was opened there last"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_known_devices_member_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_known_devices_session_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("member_id", "token_digest", name=op.f("pk_known_devices")),
    )
    op.create_index("ix_known_devices_session_id", "known_devices", ["session_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_known_devices_session_id", table_name="known_devices")
    op.drop_table("known_devices")

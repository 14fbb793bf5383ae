"""Reminders in a browser end with the sign-in there, and browsers switch on anew; webhooks stand still after a restore.

Revision: 0070, after 0069. The version before switches them on without a browser that is known: they are sent nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None
RULE = "device_digest IS NULL OR kind = 'push'"
NAME = "ck_notice_channels_a_known_browser"


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE notice_channels ADD COLUMN device_digest VARCHAR(64) CONSTRAINT {NAME} CHECK ({RULE})")
    else:
        says = "of a browser: what it keeps, as in known_devices"
        op.add_column("notice_channels", sa.Column("device_digest", sa.String(64), nullable=True, comment=says))
        op.create_check_constraint(op.f(NAME), "notice_channels", RULE)
    says = "since when it is told nothing until somebody has looked: a backup was restored"
    op.add_column("webhooks", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True, comment=says))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("webhooks", "held_at")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "notice_channels")
    op.execute("ALTER TABLE notice_channels DROP COLUMN device_digest")

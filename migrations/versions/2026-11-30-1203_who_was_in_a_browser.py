"""Who was in a browser is found by the browser: its reminders are of who was there last.

Revision: 0074, after 0073.
"""

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_known_devices_token_digest", "known_devices", ["token_digest"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_known_devices_token_digest", table_name="known_devices")

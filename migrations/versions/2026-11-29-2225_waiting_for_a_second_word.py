"""Who waits to be left out of a count is looked up, not searched for.

Revision: 0038, after 0037.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_left_out_stands", "left_out", ["stands", "event_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_left_out_stands", "left_out")

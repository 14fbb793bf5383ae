"""Whether the last days of pledges and duties stand in somebody's calendar as well.

Revision: 0067, after 0066.
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "calendar_feeds",
        sa.Column(
            "with_due",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="also the last days of the own pledges and duties",
        ),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("calendar_feeds", "with_due")

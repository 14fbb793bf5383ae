"""What was entered for others is found by whose it is.

Revision: 0076, after 0075.
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_SOME = sa.text("recorded_by_id <> member_id")


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "ix_reviews_entered", "reviews", ["member_id", "decided_at"], sqlite_where=_SOME, postgresql_where=_SOME
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_reviews_entered", table_name="reviews")

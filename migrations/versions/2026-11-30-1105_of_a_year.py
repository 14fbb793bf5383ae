"""Whether a kind of fact was recorded in a year is found by an index.

Revision: 0071, after 0070.
"""

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_totals_fact_type", "totals")
    op.create_index("ix_totals_fact_type", "totals", ["fact_type", "month"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_totals_fact_type", "totals")
    op.create_index("ix_totals_fact_type", "totals", ["fact_type"])

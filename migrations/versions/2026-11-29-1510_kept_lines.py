"""Which types of facts there are is asked without reading all totals.

Revision: 0019, after 0018.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_totals_fact_type", "totals", ["fact_type"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_totals_fact_type", table_name="totals")

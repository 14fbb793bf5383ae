"""Whether a result was corrected is looked up, not searched for.

Revision: 0037, after 0036.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

CORRECTS = sa.text("corrects_id IS NOT NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "ix_resolutions_corrects_id", "resolutions", ["corrects_id"], sqlite_where=CORRECTS, postgresql_where=CORRECTS
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_resolutions_corrects_id", "resolutions")

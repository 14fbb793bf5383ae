"""What takes a fact back is found by an index of those rows alone.

The unique one holds a row for each fact, nearly all of them empty: once a database has counted that, SQLite would rather
read the whole ledger for a page.

Revision: 0052, after 0051.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None
_THESE = sa.text("reversal_of IS NOT NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_facts_taken_back", "facts", ["reversal_of"], sqlite_where=_THESE, postgresql_where=_THESE)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_facts_taken_back", "facts")

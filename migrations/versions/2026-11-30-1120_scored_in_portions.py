"""A quiz keeps how far its attempts are scored anew after a question was withdrawn.

Revision: 0073, after 0072.
"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    says = "the last member whose attempts are scored anew; NULL: nobody's wait for it"
    op.add_column("quizzes", sa.Column("scored_to", sa.Uuid(), nullable=True, comment=says))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("quizzes", "scored_to")

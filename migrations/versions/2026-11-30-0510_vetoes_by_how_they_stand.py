"""Vetoes that wait and the attempts at a quiz are found without reading all of them.

Revision: 0058, after 0057.
"""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_vetoes_stands", "vetoes", ["stands", "member_id"])
    op.create_index("ix_quiz_attempts_quiz", "quiz_attempts", ["quiz_id", "member_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_quiz_attempts_quiz", "quiz_attempts")
    op.drop_index("ix_vetoes_stands", "vetoes")

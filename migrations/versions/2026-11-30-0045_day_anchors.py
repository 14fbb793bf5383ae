"""Where all chains ended, kept once a day.

Revision: 0043, after 0042.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "day_anchors",
        sa.Column("day", sa.Date(), nullable=False, comment="branch-local"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="of all ends together, ledger/anchors.digest"
        ),
        sa.Column(
            "moved",
            sa.JSON(),
            nullable=False,
            comment="chain → seq:digest, where it moved since the day before in the same month; empty: it is gone",
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_day_anchors_digest_whole")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_anchors")),
    )
    triggers.append_only(op, "day_anchors", ("day",))


def downgrade() -> None:
    """Take it back."""
    triggers.drop_append_only(op, "day_anchors")
    op.drop_table("day_anchors")

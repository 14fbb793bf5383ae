"""How far a trial of a rule set is: the only thing of it that is kept.

Revision: 0050, after 0049.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "rule_trials",
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("rules", sa.String(length=40), nullable=False, comment="a version, or the id of a draft"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the text that is tried"),
        sa.Column("through", sa.Date(), nullable=False, comment="last day of the period it is tried on"),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False, comment="people"),
        sa.Column("after_id", sa.Uuid(), nullable=True, comment="the last person counted"),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False, comment="numbers of each branch, as JSON"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_rule_trials_not_beyond_the_end")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_rule_trials_digest_whole")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["members.id"], name=op.f("fk_rule_trials_asked_by_id_members")),
        sa.PrimaryKeyConstraint("asked_by_id", name=op.f("pk_rule_trials")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("rule_trials")

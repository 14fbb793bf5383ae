"""Draws of spot checks.

Revision: 0057, after 0056.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

FIRST = sa.text("follows_id IS NULL AND replaces_id IS NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "spot_draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False, comment="the pool is what this officer may decide"),
        sa.Column("first_day", sa.Date(), nullable=False, comment="records of days from this one on"),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("pool", sa.JSON(), nullable=False, comment="ids of the records, sorted"),
        sa.Column("pool_digest", sa.String(length=64), nullable=False, comment="SHA-256 of the ids, one a line"),
        sa.Column("take", sa.BigInteger(), nullable=False, comment="how many are drawn"),
        sa.Column(
            "seed", sa.String(length=64), nullable=False, comment="random; no page shows it before it is revealed"
        ),
        sa.Column(
            "commitment",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the seed, shown before it is revealed",
        ),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True, comment="the first draw, of which one was returned"),
        sa.Column("replaces_id", sa.Uuid(), nullable=True, comment="the draw that it redraws"),
        sa.Column("reason", sa.String(length=200), nullable=True, comment="why it was drawn again"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_spot_draws_{name}"))
            for name, rule in {
                "percent_of_hundred": "percent BETWEEN 1 AND 100",
                "days_in_order": "last_day >= first_day",
                "takes_one": "take >= 1",
                "digests_whole": "length(commitment) = 64 AND length(pool_digest) = 64",
                "reason_iff_redrawn": "(replaces_id IS NULL) = (reason IS NULL)",
                "follows_or_replaces": "follows_id IS NULL OR replaces_id IS NULL",
                "reason_said": "length(trim(reason)) BETWEEN 1 AND 200",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_spot_draws_{column}"))
            for column, table in {
                "branch_id": "organisations",
                "drawn_by_id": "members",
                "follows_id": "spot_draws",
                "replaces_id": "spot_draws",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_draws")),
        sa.UniqueConstraint("follows_id", name="uq_spot_draws_one_second"),
        sa.UniqueConstraint("replaces_id", name="uq_spot_draws_one_redraw"),
    )
    op.create_index(
        "uq_spot_draws_one_of_a_pool",
        "spot_draws",
        ["branch_id", "drawn_by_id", "pool_digest"],
        unique=True,
        sqlite_where=FIRST,
        postgresql_where=FIRST,
    )
    op.create_index("ix_spot_draws_branch", "spot_draws", ["branch_id", "id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("spot_draws")

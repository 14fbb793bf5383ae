"""Reports of a branch's study in a quarter, as they were given out; its records are found by their day.

Revision: 0064, after 0063.
"""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import append_only, drop_append_only

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "study_reports",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made from branch and quarter: one of each"),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False, comment="rules.Numbers; of nobody by name"),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_study_reports_quarter_of_a_year")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_study_reports_year_plausible")),
        sa.CheckConstraint("length(trim(remark)) BETWEEN 1 AND 300", name=op.f("ck_study_reports_remark_not_blank")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_study_reports_{column}"))
            for column, table in {"branch_id": "organisations", "given_by_id": "members"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_reports")),
        sa.UniqueConstraint("branch_id", "year", "quarter", name="uq_study_reports_once"),
    )
    op.create_index("ix_study_records_branch", "study_records", ["branch_id", "occurred_on"])
    append_only(op, "study_reports", ("id",), ("branch_id", "year", "quarter"))


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_study_records_branch", "study_records")
    drop_append_only(op, "study_reports")
    op.drop_table("study_reports")

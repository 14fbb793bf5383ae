"""Online courses among what was studied, and a committee's word on whether online hours count.

Revision: 0056, after 0055.
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import permit
from migrations.triggers import append_only, drop_append_only

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KINDS = ("self_study", "lecture", "course", "organised", "training")


def upgrade() -> None:
    """Make the change."""
    permit("study_records", "kind", "ck_study_records_studykind", (*KINDS, "online"))
    op.create_table(
        "hours_decisions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="in the order of time"),
        sa.Column("organisation_id", sa.Uuid(), nullable=False, comment="the committee"),
        sa.Column(
            "first_year",
            sa.BigInteger(),
            nullable=False,
            comment="it holds from this year on, until another one does",
        ),
        sa.Column("network_counts", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False, comment="number of the decision"),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_year BETWEEN 2000 AND 2999", name=op.f("ck_hours_decisions_year_plausible")),
        sa.CheckConstraint("length(trim(document)) BETWEEN 1 AND 60", name=op.f("ck_hours_decisions_document_named")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_hours_decisions_{column}"))
            for column, table in {"organisation_id": "organisations", "decided_by_id": "members"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_decisions")),
    )
    op.create_index("ix_hours_decisions_organisation", "hours_decisions", ["organisation_id", "first_year"])
    append_only(op, "hours_decisions")


def downgrade() -> None:
    """Take it back."""
    drop_append_only(op, "hours_decisions")
    op.drop_table("hours_decisions")
    permit("study_records", "kind", "ck_study_records_studykind", KINDS)

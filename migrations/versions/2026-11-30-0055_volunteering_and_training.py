"""Half-days of volunteering, and training days among what was studied.

Revision: 0049, after 0048.
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import permit

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

KINDS = ("self_study", "lecture", "course", "organised")


def upgrade() -> None:
    """Make the change."""
    permit("study_records", "kind", "ck_study_records_studykind", (*KINDS, "training"))
    op.create_table(
        "volunteering_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("half_days", sa.BigInteger(), nullable=False, comment="one from three hours on; a whole day is two"),
        sa.Column(
            "occurred_on", sa.Date(), nullable=False, comment="branch-local day, never after the one it arrived on"
        ),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="corrected by the measured error of the phone's clock",
        ),
        sa.Column(
            "device_time",
            sa.String(length=40),
            nullable=False,
            comment="the phone's own words for it, kept exactly",
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_offline", sa.Boolean(), nullable=False),
        sa.CheckConstraint("half_days BETWEEN 1 AND 2", name=op.f("ck_volunteering_records_half_days_of_a_day")),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 120", name=op.f("ck_volunteering_records_has_title")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_volunteering_records_{column}"))
            for column, table in {"id": "reviews", "branch_id": "organisations", "member_id": "members"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteering_records")),
    )
    op.create_index("ix_volunteering_records_member", "volunteering_records", ["member_id", "occurred_on"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("volunteering_records")
    permit("study_records", "kind", "ck_study_records_studykind", KINDS)

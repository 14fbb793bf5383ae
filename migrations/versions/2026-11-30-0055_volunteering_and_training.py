"""Half-days of volunteering, and training days among what was studied.

Revision: 0049, after 0048.
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import permit
from migrations.records import create_records

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

KINDS = ("self_study", "lecture", "course", "organised")


def upgrade() -> None:
    """Make the change."""
    permit("study_records", "kind", "ck_study_records_studykind", (*KINDS, "training"))
    create_records(
        "volunteering_records",
        sa.Column("half_days", sa.BigInteger(), nullable=False, comment="one from three hours on; a whole day is two"),
        sa.CheckConstraint("half_days BETWEEN 1 AND 2", name=op.f("ck_volunteering_records_half_days_of_a_day")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("volunteering_records")
    permit("study_records", "kind", "ck_study_records_studykind", KINDS)

"""Lists of holidays that are loaded without a release.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "holiday_lists",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False, comment="another one whenever its days change"),
        sa.Column("loaded_by_id", sa.Uuid(), nullable=True, comment="NULL: by the command on the server"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loaded_by_id"], ["members.id"], name=op.f("fk_holiday_lists_loaded_by_id")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_lists")),
    )
    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("off", "working", name="daykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint(
            sa.extract("year", sa.column("day", sa.Date())) == sa.column("year", sa.BigInteger()),
            name=op.f("ck_holidays_day_of_its_year"),
        ),
        sa.ForeignKeyConstraint(["year"], ["holiday_lists.year"], name=op.f("fk_holidays_year")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holidays")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("holidays")
    op.drop_table("holiday_lists")

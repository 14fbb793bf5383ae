"""How long a whole day of training is: decided by two officers of a committee, and kept with each record.

Revision: 0065, after 0064.
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

COLUMNS = {
    "hours_decisions": (
        "day_hours",
        "of a whole day of training; holds once two officers have decided the same. NULL: nothing is said",
        {"day_of_6_or_8_hours": "day_hours IN (6, 8)"},
    ),
    "study_records": (
        "day_minutes",
        "of training: a whole day in the unit; NULL: 480",
        {
            "day_of_6_or_8_hours": "day_minutes IN (360, 480)",
            "day_of_training": "day_minutes IS NULL OR kind = 'training'",
        },
    ),
}


def upgrade() -> None:
    """Make the change."""
    for table, (column, says, checks) in COLUMNS.items():
        if _is_sqlite():
            named = " ".join(f"CONSTRAINT ck_{table}_{name} CHECK ({rule})" for name, rule in checks.items())
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} BIGINT {named}")
            continue
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True, comment=says))
        for name, rule in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    """Take it back."""
    for table, (column, _says, checks) in COLUMNS.items():
        if not _is_sqlite():
            for name in checks:
                op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

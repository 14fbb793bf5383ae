"""A quarter that the unit did not appraise can stand in the ledger.

Revision: 0041, after 0040.
"""

from migrations.checks import permit

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

LEVELS = ("unit", "division", "department", "province", "nation")
GRADES = ("", "good", "fairly_good", "average", "poor")


def upgrade() -> None:
    """Make the change."""
    for table in ("facts", "totals"):
        permit(table, "grade", f"ck_{table}_grade_known", (*GRADES, "not_graded", *LEVELS))


def downgrade() -> None:
    """Take it back."""
    for table in ("facts", "totals"):
        permit(table, "grade", f"ck_{table}_grade_known", (*GRADES, *LEVELS))

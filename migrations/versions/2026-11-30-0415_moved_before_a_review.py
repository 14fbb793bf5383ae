"""Who changed the branch between the year's end and its review: one branch grades them, the other one has their vote.

Revision: 0054, after 0053.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

CHECKS = {"moved": "moved IN ('came', 'gone')", "votes_where_one_belongs": "moved <> 'gone' OR NOT is_present"}


def upgrade() -> None:
    """Make the change."""
    if _is_sqlite():
        checks = " ".join(f"CONSTRAINT ck_review_people_{name} CHECK ({rule})" for name, rule in CHECKS.items())
        op.execute(f"ALTER TABLE review_people ADD COLUMN moved VARCHAR(40) {checks}")
        return
    says = "between 31 December of the year and the day"
    op.add_column("review_people", sa.Column("moved", sa.String(40), nullable=True, comment=says))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_review_people_{name}"), "review_people", rule)


def downgrade() -> None:
    """Take it back."""
    if not _is_sqlite():
        for name in CHECKS:
            op.drop_constraint(op.f(f"ck_review_people_{name}"), "review_people")
    op.execute("ALTER TABLE review_people DROP COLUMN moved")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

"""What kind of reason a record was returned for, where the officer says it: what reports of study count.

Revision: 0063, after 0062.
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

KINDS = ("unclear", "day_or_length", "kind", "twice", "not_here", "other")
CHECKS = {
    "returnreason": f"returned_for IN ({', '.join(repr(kind) for kind in KINDS)})",
    "returned_for_only_if_returned": "returned_for IS NULL OR status = 'returned'",
}


def upgrade() -> None:
    """Make the change."""
    if _is_sqlite():
        checks = " ".join(f"CONSTRAINT ck_reviews_{name} CHECK ({rule})" for name, rule in CHECKS.items())
        op.execute(f"ALTER TABLE reviews ADD COLUMN returned_for VARCHAR(40) {checks}")
        return
    says = "the same as a category, where the officer says"
    op.add_column("reviews", sa.Column("returned_for", sa.String(40), nullable=True, comment=says))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_reviews_{name}"), "reviews", rule)


def downgrade() -> None:
    """Take it back."""
    if not _is_sqlite():
        for name in CHECKS:
            op.drop_constraint(op.f(f"ck_reviews_{name}"), "reviews")
    op.execute("ALTER TABLE reviews DROP COLUMN returned_for")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

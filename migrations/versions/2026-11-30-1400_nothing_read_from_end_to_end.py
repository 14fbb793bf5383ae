"""What is asked for one branch, meeting or person is found by an index, and not read from end to end.

Revision: 0075, after 0074.
"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_appraisals_entered_by", "appraisals", ["entered_by_id", "year", "quarter"], None),
    ("ix_attendances_tick", "attendances", ["tick_id"], None),
    ("ix_bank_questions_bank", "bank_questions", ["bank_id", "tag"], None),
    ("ix_leave_findings_branch", "leave_findings", ["branch_id", "occurred_on"], None),
    ("ix_leave_findings_leave", "leave_findings", ["leave_id"], None),
    ("ix_left_out_event", "left_out", ["event_id"], None),
    ("ix_publicities_branch", "publicities", ["branch_id", "year"], None),
    ("ix_review_opinions_waiting", "review_opinions", ["review_id"], "stands = 'waiting'"),
    ("ix_reviews_branch", "reviews", ["branch_id", "decided_at"], None),
    ("ix_reviews_decided", "reviews", ["decided_at"], "decided_at IS NOT NULL"),
    ("ix_signatures_paper", "signatures", ["branch_id"], "said = 'paper' AND confirmed_by_id IS NULL"),
)


def upgrade() -> None:
    """Make the change."""
    for name, table, columns, where in INDEXES:
        some = sa.text(where) if where else None
        op.create_index(name, table, columns, unique=False, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Take it back."""
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)

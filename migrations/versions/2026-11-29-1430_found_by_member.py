"""What is asked for by member, and organisations by kind, is found by an index.

Revision: 0017, after 0016.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDEXES = (
    ("duty_progress", "member_id"),
    ("duty_progress", "recorded_by_id"),
    ("duty_outcomes", "recorded_by_id"),
    ("pledge_progress", "member_id"),
    ("pledge_words", "peer_id"),
    ("pledge_words", "member_id"),
    ("wishes", "entered_by_id"),
    ("wish_events", "by_id"),
    ("wish_stories", "written_by_id"),
    ("wish_submissions", "decided_by_id"),
    ("organisations", "kind"),
)


def upgrade() -> None:
    """Make the change."""
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table, column in reversed(INDEXES):
        op.drop_index(f"ix_{table}_{column}", table_name=table)

"""What pages of everyday ask of vetoes, suspensions, archives and reviews is found by an index.

Revision: 0053, after 0052.
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_vetoes_lifts": ("vetoes", ["lifts_id"]),
    "ix_suspensions_replaces": ("suspensions", ["replaces_id"]),
    "ix_archivings_member": ("archivings", ["member_id", "year"]),
    "ix_democratic_reviews_branch": ("democratic_reviews", ["branch_id", "year"]),
    "ix_ballot_tallies_member": ("ballot_tallies", ["member_id", "review_id"]),
    "ix_review_letters_member": ("review_letters", ["member_id", "year"]),
}


def upgrade() -> None:
    """Make the change."""
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Take it back."""
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)

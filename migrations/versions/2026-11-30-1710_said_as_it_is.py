"""What columns say of themselves is true again.

Revision: 0077, after 0076.
"""

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

COMMENTS = (
    ("reviews", "kind", "the stream; see registry", "the name of a ReviewKind, which its stream announces"),
    (
        "members",
        "opened_by_id",
        "printed the slip with which the password was set last; NULL: the server",
        "by whose hand: who printed the slip, or entered the person; NULL: the server",
    ),
    (
        "members",
        "opened_at",
        "when the password was set last with a slip",
        "when it was opened last: a password set with a slip, or found by its number from outside",
    ),
    (
        "wish_submissions",
        "consent_version",
        "of the texts agreed to, see contacts/consents.py",
        "of the texts agreed to, see private/rules.py",
    ),
)
"""Table, column, what was said, what is said. SQLite keeps no such words."""


def upgrade() -> None:
    """Make the change."""
    for table, column, _was, says in COMMENTS:
        _say(table, column, says)


def downgrade() -> None:
    """Take it back."""
    for table, column, was, _says in COMMENTS:
        _say(table, column, was)


def _say(table: str, column: str, words: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{words}'")

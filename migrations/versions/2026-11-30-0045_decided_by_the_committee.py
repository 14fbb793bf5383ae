"""Tasks, suggestions and commendations as the committee decided them; whether one counts says its review.

Revision: 0047, after 0046.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

WORDS = {
    "what": ("task", "suggestion", "commendation"),
    "commendationlevel": ("unit", "division", "department", "province", "nation"),
}
RULES = {
    "not_about_oneself": "entered_by_id <> member_id",
    "has_title": "length(trim(title)) BETWEEN 1 AND 100",
    "points_iff_task": "(what = 'task') = (points IS NOT NULL) AND (points IS NULL OR points BETWEEN 1 AND 2)",
    "level_iff_commendation": "(what = 'commendation') = (level IS NOT NULL)",
    "commended_in_a_document": "what <> 'commendation' OR document IS NOT NULL",
    "decided_on_a_day": "what = 'commendation' OR decided_on IS NOT NULL",
}


def _word(name: str) -> sa.Enum:
    return sa.Enum(*WORDS[name], name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "decided_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("what", _word("what"), nullable=False),
        sa.Column(
            "title", sa.String(length=100), nullable=False, comment="the matter; of commendations the highest counts"
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="branch-local day on which it happened"),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("level", _word("commendationlevel"), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="day of the committee's meeting"),
        sa.Column("document", sa.String(length=60), nullable=True, comment="number of the document"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_decided_entries_{name}")) for name, rule in RULES.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_decided_entries_{column}"))
            for column, table in {
                "id": "reviews",
                "branch_id": "organisations",
                "member_id": "members",
                "entered_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decided_entries")),
    )
    op.create_index("ix_decided_entries_branch", "decided_entries", ["branch_id", "id"])
    op.create_index("ix_decided_entries_member", "decided_entries", ["member_id", "day"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("decided_entries")

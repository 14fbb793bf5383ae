"""Vetoes over a year, and their lifting: two people behind each.

Revision: 0044, after 0043.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

RULES = {
    "not_about_oneself": "entered_by_id <> member_id",
    "decided_by_another": "decided_by_id NOT IN (member_id, entered_by_id)",
    "decided_by_iff_decided": "(stands = 'waiting') = (decided_by_id IS NULL)",
    "decided_at_iff_decided": "(decided_by_id IS NULL) = (decided_at IS NULL)",
    "year_plausible": "year BETWEEN 2000 AND 2999",
    "has_basis": "length(trim(basis)) BETWEEN 1 AND 300",
    "has_document": "length(trim(document)) BETWEEN 1 AND 60",
    "lifts_another": "lifts_id <> id",
}
LIFTS = "stands <> 'declined' AND lifts_id IS NOT NULL"
WAITS = "stands = 'waiting' AND lifts_id IS NULL"


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "vetoes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False, comment="of the sheet it stands on"),
        sa.Column("kind", _word("veto", "liability", "inactive", "not_qualified", "falsified"), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False, comment="what it rests on; of a lifting, why"),
        sa.Column("document", sa.String(length=60), nullable=False, comment="number of the decision"),
        sa.Column("dated", sa.Date(), nullable=False, comment="day of the document"),
        sa.Column("lifts_id", sa.Uuid(), nullable=True, comment="the veto that this one lifts"),
        sa.Column("stands", _word("stands", "waiting", "confirmed", "declined"), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_vetoes_{name}")) for name, rule in RULES.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_vetoes_{column}"))
            for column, other in {
                "member_id": "members",
                "entered_by_id": "members",
                "decided_by_id": "members",
                "lifts_id": "vetoes",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetoes")),
    )
    op.create_index("ix_vetoes_year", "vetoes", ["member_id", "year"], unique=False)
    for name, columns, where in (
        ("uq_vetoes_lifted_once", ["lifts_id"], LIFTS),
        ("uq_vetoes_one_waits", ["member_id", "year", "kind"], WAITS),
    ):
        where_text = sa.text(where)
        op.create_index(name, "vetoes", columns, unique=True, sqlite_where=where_text, postgresql_where=where_text)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("vetoes")

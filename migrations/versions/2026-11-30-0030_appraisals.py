"""Quarterly grades as officers entered them; which one counts says its review.

Revision: 0046, after 0045.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

GRADES = ("good", "fairly_good", "average", "poor", "not_graded")
RULES = {
    "not_about_oneself": "entered_by_id <> member_id",
    "one_of_four": "quarter BETWEEN 1 AND 4",
    "version_from_one": "version >= 1",
    "note_not_blank": "length(trim(note)) BETWEEN 1 AND 200",
}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "appraisals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="goes up with each other grade of the quarter"),
        sa.Column(
            "grade",
            sa.Enum(*GRADES, name="appraisalgrade", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=True, comment="of the unit, or why the grade changes"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_appraisals_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(["id"], ["reviews.id"], name=op.f("fk_appraisals_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_appraisals_member_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_appraisals_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisals")),
        sa.UniqueConstraint("member_id", "year", "quarter", "version", name="uq_appraisals_version"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("appraisals")

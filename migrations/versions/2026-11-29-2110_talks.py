"""Talks of two people, without what was said.

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CATEGORIES = ("committee", "with_committee", "members")
REFERENCES = {
    "branch_id": "organisations",
    "talker_id": "members",
    "partner_id": "members",
    "recorded_by_id": "members",
    "refuted_by_id": "members",
}
RULES = {
    "between_two": "talker_id <> partner_id",
    "refuted_by_somebody": "(refuted_by_id IS NULL) = (refuted_at IS NULL)",
    "refuted_by_one_of_them": "refuted_by_id IN (talker_id, partner_id, recorded_by_id)",
}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "talks",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made of the two and the day: once a day"),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("talker_id", sa.Uuid(), nullable=False, comment="who began it 谈话人"),
        sa.Column("partner_id", sa.Uuid(), nullable=False, comment="谈话对象"),
        sa.Column("held_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column(
            "category",
            sa.Enum(*CATEGORIES, name="category", native_enum=False, create_constraint=True, length=40),
            nullable=False,
            comment="by who sat in the committee on that day",
        ),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refuted_by_id", sa.Uuid(), nullable=True),
        sa.Column("refuted_at", sa.DateTime(timezone=True), nullable=True, comment="since then it counts nowhere"),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_talks_{name}")) for name, rule in RULES.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_talks_{column}"))
            for column, other in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
    )
    op.create_index("ix_talks_branch", "talks", ["branch_id", "held_on"], unique=False)
    op.create_index("ix_talks_partner", "talks", ["partner_id", "held_on"], unique=False)
    op.create_index("ix_talks_recorded", "talks", ["recorded_at"], unique=False)
    op.create_index("ix_talks_talker", "talks", ["talker_id", "held_on"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("talks")

"""Publicities: who proposed, checked, approved and published the facts of a period, and until when.

Revision: 0039, after 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STEPS = ("checked", "approved", "published", "withdrawn")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "publicities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=True, comment="1 to 4; NULL: the whole year"),
        sa.Column(
            "working_days", sa.BigInteger(), nullable=False, comment="how long it lasts, from the day after it opened"
        ),
        sa.Column("reception", sa.String(length=60), nullable=False, comment="who takes objections"),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True, comment="checked for secrecy"),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True, comment="branch-local day; it does not count itself"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="its last day, whole"),
        sa.Column("objections_until", sa.Date(), nullable=True, comment="the last day for an objection in time"),
        sa.Column(
            "heads",
            sa.String(length=200),
            nullable=True,
            comment="where the chain of the branch ended when it was published: number and digest",
        ),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True, comment="why it was withdrawn"),
        *(
            sa.CheckConstraint(
                f"({step}_by_id IS NULL) = ({step}_at IS NULL)", name=op.f(f"ck_publicities_{step}_by_iff_at")
            )
            for step in STEPS
        ),
        sa.CheckConstraint("approved_by_id <> proposed_by_id", name=op.f("ck_publicities_approved_by_another")),
        sa.CheckConstraint(
            "approved_at IS NULL OR checked_at IS NOT NULL", name=op.f("ck_publicities_approved_after_check")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL", name=op.f("ck_publicities_published_after_approval")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (opened_on IS NULL) AND (published_at IS NULL) = (ends_on IS NULL) AND "
            "(published_at IS NULL) = (objections_until IS NULL) AND (published_at IS NULL) = (heads IS NULL)",
            name=op.f("ck_publicities_days_iff_published"),
        ),
        sa.CheckConstraint(
            "ends_on > opened_on AND objections_until > ends_on", name=op.f("ck_publicities_days_in_order")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (reason IS NULL)", name=op.f("ck_publicities_reason_iff_withdrawn")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_publicities_reason_said")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_publicities_year_plausible")),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_publicities_quarter_of_four")),
        sa.CheckConstraint("working_days BETWEEN 3 AND 10", name=op.f("ck_publicities_lasts_3_to_10_days")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["organisations.id"], name=op.f("fk_publicities_branch_id_organisations")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{step}_by_id"], ["members.id"], name=op.f(f"fk_publicities_{step}_by_id_members")
            )
            for step in ("proposed", *STEPS)
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicities")),
    )
    _once("uq_publicities_quarter", ["branch_id", "year", "quarter"], "IS NOT NULL")
    _once("uq_publicities_year", ["branch_id", "year"], "IS NULL")
    op.create_index("ix_publicities_period", "publicities", ["year", "branch_id"])
    op.create_index("ix_publicities_until", "publicities", ["objections_until"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("publicities")


def _once(name: str, columns: list[str], which: str) -> None:
    where = sa.text(f"withdrawn_at IS NULL AND quarter {which}")
    op.create_index(name, "publicities", columns, unique=True, sqlite_where=where, postgresql_where=where)

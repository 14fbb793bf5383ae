"""Rule sets that this installation makes itself: drafts, and what is published, which nobody changes.

Revision: 0045, after 0044.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

HOLDS = sa.text("stands <> 'discarded'")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "published_rule_sets",
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="JSON, byte for byte as it was published"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the text"),
        sa.Column(
            "year", sa.BigInteger(), nullable=False, comment="the year it was published for; later ones go on with it"
        ),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "reason", sa.String(length=300), nullable=True, comment="why it changes a year that is publicised already"
        ),
        sa.Column("document", sa.String(length=60), nullable=True, comment="number of the decision on that"),
        sa.CheckConstraint("version LIKE '____.%'", name=op.f("ck_published_rule_sets_version_names_a_year")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_published_rule_sets_year_plausible")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_published_rule_sets_digest_whole")),
        sa.CheckConstraint(
            "(edited_by_id IS NULL) = (published_by_id IS NULL)",
            name=op.f("ck_published_rule_sets_two_people_or_the_server"),
        ),
        sa.CheckConstraint("published_by_id <> edited_by_id", name=op.f("ck_published_rule_sets_published_by_another")),
        sa.CheckConstraint(
            "(reason IS NULL) = (document IS NULL)", name=op.f("ck_published_rule_sets_reason_iff_document")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["members.id"], name=op.f("fk_published_rule_sets_edited_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["members.id"], name=op.f("fk_published_rule_sets_published_by_id_members")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_published_rule_sets")),
    )
    triggers.append_only(op, "published_rule_sets", ("version",))
    op.create_table(
        "rule_set_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False, comment="what it will be called"),
        sa.Column("base", sa.String(length=12), nullable=False, comment="what it was copied from"),
        sa.Column(
            "text", sa.Text(), nullable=False, comment="JSON; while it is edited it may hold what cannot stand yet"
        ),
        sa.Column(
            "stands",
            sa.Enum(
                "editing",
                "proposed",
                "published",
                "discarded",
                name="stands",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=True, comment="for which it is proposed"),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("version LIKE '____.%'", name=op.f("ck_rule_set_drafts_version_names_a_year")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_rule_set_drafts_year_plausible")),
        sa.CheckConstraint(
            "decided_by_id NOT IN (edited_by_id, proposed_by_id)", name=op.f("ck_rule_set_drafts_decided_by_another")
        ),
        sa.CheckConstraint(
            "stands = 'editing' OR stands = 'discarded' OR proposed_by_id IS NOT NULL",
            name=op.f("ck_rule_set_drafts_proposed"),
        ),
        sa.CheckConstraint(
            "(stands = 'published') = (decided_by_id IS NOT NULL)",
            name=op.f("ck_rule_set_drafts_decided_iff_published"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_rule_set_drafts_decided_by_id_members")
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["members.id"], name=op.f("fk_rule_set_drafts_edited_by_id_members")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["members.id"], name=op.f("fk_rule_set_drafts_proposed_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set_drafts")),
    )
    op.create_index("ix_rule_set_drafts_stands", "rule_set_drafts", ["stands"])
    op.create_index(
        "uq_rule_set_drafts_version",
        "rule_set_drafts",
        ["version"],
        unique=True,
        sqlite_where=HOLDS,
        postgresql_where=HOLDS,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("rule_set_drafts")
    triggers.drop_append_only(op, "published_rule_sets")
    op.drop_table("published_rule_sets")

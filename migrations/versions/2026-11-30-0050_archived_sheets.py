"""Signatures under the sheets of a year, who says that they are archived, the archived texts, and what was re-opened.

Revision: 0051, after 0050.

What is archived or re-opened is there for good.
"""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import append_only, drop_append_only

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "archivings",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stands",
            sa.Enum(
                "waiting", "confirmed", "declined", name="stands", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(stands = 'waiting') = (decided_by_id IS NULL)", name=op.f("ck_archivings_decided_by_iff_decided")
        ),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)", name=op.f("ck_archivings_decided_at_iff_decided")
        ),
        sa.CheckConstraint(
            "decided_by_id NOT IN (member_id, entered_by_id)", name=op.f("ck_archivings_decided_by_another")
        ),
        sa.CheckConstraint("entered_by_id <> member_id", name=op.f("ck_archivings_not_about_oneself")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_archivings_branch_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_archivings_decided_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_archivings_entered_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_archivings_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archivings")),
    )
    op.create_index("ix_archivings_branch", "archivings", ["branch_id", "year"])
    op.create_index(
        "uq_archivings_one_waits",
        "archivings",
        ["member_id", "year"],
        unique=True,
        sqlite_where=sa.text("stands = 'waiting'"),
        postgresql_where=sa.text("stands = 'waiting'"),
    )
    op.create_table(
        "signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="that archives it"),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="of the sheet, as it will be archived"),
        sa.Column("opened_on", sa.Date(), nullable=False, comment="branch-local day on which the member was asked"),
        sa.Column(
            "due_on", sa.Date(), nullable=False, comment="last day before an officer may note that it is not signed"
        ),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "said",
            sa.Enum(
                "agreed",
                "reserved",
                "paper",
                "unsigned",
                name="said",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=200), nullable=True, comment="the reservation"),
        sa.Column(
            "why",
            sa.Enum(
                "away", "ill", "unwilling", "other", name="why", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
            comment="it is not signed",
        ),
        sa.Column("digest", sa.String(length=64), nullable=True, comment="of the sheet that was signed"),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True, comment="that the paper is signed"),
        sa.CheckConstraint(
            "(digest IS NULL) = (said IS NULL OR said = 'unsigned')", name=op.f("ck_signatures_digest_iff_signed")
        ),
        sa.CheckConstraint(
            "(why IS NULL) = (said IS NULL OR said <> 'unsigned')", name=op.f("ck_signatures_why_iff_unsigned")
        ),
        sa.CheckConstraint(
            "(words IS NULL OR said IN ('reserved', 'paper')) AND (said <> 'reserved' OR words IS NOT NULL)",
            name=op.f("ck_signatures_words_iff_reserved"),
        ),
        sa.CheckConstraint("confirmed_by_id IS NULL OR said = 'paper'", name=op.f("ck_signatures_paper_is_confirmed")),
        sa.CheckConstraint(
            "said IS NULL OR (said IN ('agreed', 'reserved')) = (said_by_id = member_id)",
            name=op.f("ck_signatures_by_whom"),
        ),
        sa.CheckConstraint("(said IS NULL) = (said_at IS NULL)", name=op.f("ck_signatures_said_at_iff_said")),
        sa.CheckConstraint("(said IS NULL) = (said_by_id IS NULL)", name=op.f("ck_signatures_said_by_iff_said")),
        sa.CheckConstraint(
            "confirmed_by_id NOT IN (member_id, said_by_id)", name=op.f("ck_signatures_confirmed_by_another")
        ),
        sa.CheckConstraint("due_on > opened_on", name=op.f("ck_signatures_due_after_opening")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_signatures_versions_from_one")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_signatures_year_plausible")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_signatures_branch_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["members.id"], name=op.f("fk_signatures_confirmed_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_signatures_member_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["members.id"], name=op.f("fk_signatures_opened_by_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["members.id"], name=op.f("fk_signatures_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("member_id", "year", "version", name="uq_signatures_version"),
    )
    op.create_index("ix_signatures_branch", "signatures", ["branch_id", "year"])
    op.create_index(
        "ix_signatures_open",
        "signatures",
        ["due_on"],
        sqlite_where=sa.text("said IS NULL"),
        postgresql_where=sa.text("said IS NULL"),
    )
    op.create_table(
        "archived_sheets",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False, comment="canonical JSON; sha256 is of its bytes in UTF-8"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id NOT IN (member_id, proposed_by_id)", name=op.f("ck_archived_sheets_confirmed_by_another")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_archived_sheets_digest_whole")),
        sa.CheckConstraint("proposed_by_id <> member_id", name=op.f("ck_archived_sheets_not_about_oneself")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_archived_sheets_branch_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["members.id"], name=op.f("fk_archived_sheets_confirmed_by_id")),
        sa.ForeignKeyConstraint(
            ["member_id", "year", "version"],
            ["archived_years.member_id", "archived_years.year", "archived_years.version"],
            name="fk_archived_sheets_year",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_archived_sheets_member_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["members.id"], name=op.f("fk_archived_sheets_proposed_by_id")),
        sa.PrimaryKeyConstraint("member_id", "year", "version", name=op.f("pk_archived_sheets")),
    )
    op.create_index("ix_archived_sheets_branch", "archived_sheets", ["branch_id", "year"])
    op.create_table(
        "reopenings",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False, comment="that was opened again"),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False, comment="number of the committee's decision"),
        sa.Column("reopened_by_id", sa.Uuid(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(trim(document)) BETWEEN 1 AND 60", name=op.f("ck_reopenings_has_document")),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 300", name=op.f("ck_reopenings_has_reason")),
        sa.CheckConstraint("reopened_by_id <> member_id", name=op.f("ck_reopenings_not_about_oneself")),
        sa.ForeignKeyConstraint(
            ["member_id", "year", "version"],
            ["archived_sheets.member_id", "archived_sheets.year", "archived_sheets.version"],
            name="fk_reopenings_sheet",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_reopenings_member_id")),
        sa.ForeignKeyConstraint(["reopened_by_id"], ["members.id"], name=op.f("fk_reopenings_reopened_by_id")),
        sa.PrimaryKeyConstraint("member_id", "year", "version", name=op.f("pk_reopenings")),
    )
    append_only(op, "archived_sheets", ("member_id", "year", "version"))
    append_only(op, "reopenings", ("member_id", "year", "version"))


def downgrade() -> None:
    """Take it back."""
    for table in ("reopenings", "archived_sheets"):
        drop_append_only(op, table)
        op.drop_table(table)
    op.drop_table("signatures")
    op.drop_table("archivings")

"""Which years of which members are archived, and take no facts any more.

Revision: 0040, after 0039.

A row is there for good; all that may change is that its year was re-opened, once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER archived_years_only_reopened BEFORE UPDATE ON archived_years
    WHEN OLD.reopened_at IS NOT NULL OR NEW.reopened_at IS NULL OR NEW.member_id <> OLD.member_id
      OR NEW.year <> OLD.year OR NEW.version <> OLD.version OR NEW.archived_on <> OLD.archived_on
    BEGIN SELECT RAISE(ABORT, 'archived_years are only re-opened, once'); END""",
    """CREATE TRIGGER archived_years_no_delete BEFORE DELETE ON archived_years
    BEGIN SELECT RAISE(ABORT, 'archived_years is append-only'); END""",
    """CREATE TRIGGER archived_years_no_overwrite BEFORE INSERT ON archived_years
    WHEN EXISTS (SELECT 1 FROM archived_years WHERE member_id = NEW.member_id AND year = NEW.year
                 AND (version >= NEW.version OR reopened_at IS NULL))
    BEGIN SELECT RAISE(ABORT, 'archived_years is append-only: this year is archived already'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_archived_year_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.reopened_at IS NOT NULL OR NEW.reopened_at IS NULL
           OR (NEW.member_id, NEW.year, NEW.version, NEW.archived_on)
              IS DISTINCT FROM (OLD.member_id, OLD.year, OLD.version, OLD.archived_on) THEN
            RAISE EXCEPTION USING
                MESSAGE = 'archived_years are only re-opened, once', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER archived_years_only_reopened BEFORE UPDATE ON archived_years
    FOR EACH ROW EXECUTE FUNCTION refuse_archived_year_change()""",
    """CREATE TRIGGER archived_years_no_delete BEFORE DELETE OR TRUNCATE ON archived_years
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "archived_years",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False, comment="1, and one more each time"),
        sa.Column("archived_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column(
            "reopened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="set once: from then on the year takes facts again",
        ),
        sa.CheckConstraint(
            "substr(CAST(archived_on AS VARCHAR), 1, 4) > CAST(year AS VARCHAR)",
            name=op.f("ck_archived_years_after_its_end"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_archived_years_versions_from_one")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_archived_years_member_id")),
        sa.PrimaryKeyConstraint("member_id", "year", "version", name=op.f("pk_archived_years")),
    )
    op.create_index(
        "uq_archived_years_closed",
        "archived_years",
        ["member_id", "year"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.create_index("ix_archived_years_year", "archived_years", ["year"])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("archived_years")
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_archived_year_change()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

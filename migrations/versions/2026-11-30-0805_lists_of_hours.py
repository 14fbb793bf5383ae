"""Education hours that lists of other systems bring, and what their columns mean.

Revision: 0068, after 0067.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

STANDS = sa.text("taken_back_at IS NULL")
WAITS = sa.text("confirmed_at IS NULL AND taken_back_at IS NULL")


def of_class() -> sa.Column[str]:
    """The class of hours of a whole list."""
    words = sa.Enum("集中", "网络", "自学", name="hoursclass", native_enum=False, create_constraint=True, length=40)
    return sa.Column("hours_class", words, nullable=False)


def rules(table: str, named: Mapping[str, str], keys: Mapping[str, str]) -> list[sa.Constraint]:
    """Checks and foreign keys by their names."""
    return [
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in named.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in keys.items()
        ),
    ]


def upgrade() -> None:
    """Make the change."""
    said = {"digest_whole": "length(fingerprint) = 64", "source_named": "length(trim(source)) BETWEEN 1 AND 40"}
    op.create_table(
        "import_profiles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fingerprint", sa.String(length=64), nullable=False, comment="SHA-256 of the headings that may be read"
        ),
        sa.Column("source", sa.String(length=40), nullable=False, comment="what the other system is called"),
        sa.Column("mapping", sa.JSON(), nullable=False, comment="column by heading, mapping.Column"),
        of_class(),
        sa.Column(
            "is_cumulative", sa.Boolean(), nullable=False, comment="its amounts are totals that grow through the year"
        ),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *rules("import_profiles", said, {"organisation_id": "organisations", "said_by_id": "members"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profiles")),
        sa.UniqueConstraint("organisation_id", "fingerprint", name="uq_import_profiles_headings"),
    )
    op.create_table(
        "import_people",
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        *rules("import_people", {}, {"profile_id": "import_profiles", "member_id": "members"}),
        sa.PrimaryKeyConstraint("profile_id", "number", name=op.f("pk_import_people")),
    )
    op.create_index(op.f("ix_import_people_member_id"), "import_people", ["member_id"])
    op.create_table(
        "hours_imports",
        sa.Column("id", sa.Uuid(), nullable=False, comment="that of its upload: handed in once"),
        sa.Column("organisation_id", sa.Uuid(), nullable=False, comment="the branch or committee"),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        of_class(),
        sa.Column("is_cumulative", sa.Boolean(), nullable=False),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        *rules("hours_imports", said, {"organisation_id": "organisations", "brought_by_id": "members"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_imports")),
    )
    op.create_index("ix_hours_imports_place", "hours_imports", ["organisation_id", "id"])
    _entries()


def _entries() -> None:
    op.create_table(
        "hours_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="the member's when it was brought"),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False, comment="that of the import"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False, comment="empty: the source says it all"),
        sa.Column("minutes", sa.BigInteger(), nullable=False, comment="of a total that grows, what it added"),
        sa.Column(
            "total", sa.BigInteger(), nullable=True, comment="minutes of the year, where the list has totals that grow"
        ),
        sa.Column(
            "key", sa.String(length=64), nullable=False, comment="SHA-256 of headings, person, title, day and amount"
        ),
        sa.Column(
            "is_history",
            sa.Boolean(),
            nullable=False,
            comment="of a year that was archived: no part of what was asked then",
        ),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        *rules(
            "hours_entries",
            {
                "minutes_of_a_year": "minutes BETWEEN 1 AND 24000",
                "confirmed_by_another": "confirmed_by_id NOT IN (member_id, brought_by_id)",
                "confirmed_at_iff_confirmed": "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)",
                "undone_by_another": "confirmed_at IS NULL OR taken_back_by_id NOT IN (member_id, brought_by_id)",
                "taken_back_at_iff_taken_back": "(taken_back_by_id IS NULL) = (taken_back_at IS NULL)",
            },
            {
                "import_id": "hours_imports",
                "member_id": "members",
                "branch_id": "organisations",
                "brought_by_id": "members",
                "confirmed_by_id": "members",
                "taken_back_by_id": "members",
            },
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entries")),
    )
    for name, columns in {
        "member": ["member_id", "on"],
        "import": ["import_id"],
        "branch": ["branch_id", "import_id"],
    }.items():
        op.create_index(f"ix_hours_entries_{name}", "hours_entries", columns)
    op.create_index(
        "ix_hours_entries_waiting", "hours_entries", ["branch_id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index(
        "uq_hours_entries_key", "hours_entries", ["key"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("hours_entries")
    op.drop_table("hours_imports")
    op.drop_table("import_people")
    op.drop_table("import_profiles")

"""Taking part in another branch for a time; what is decided elsewhere says in which branch it counts.

Revision: 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OWN_BRANCH = {
    "reviews": "where it counts, if another branch decides on it",
    "meeting_expected": "the own branch on the day of the event; NULL: the host",
}


def upgrade() -> None:
    """Make the change."""
    for table, says in OWN_BRANCH.items():
        name = f"fk_{table}_own_branch_id"
        if _is_sqlite():
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN own_branch_id CHAR(32) CONSTRAINT {name} REFERENCES organisations (id)"
            )
            continue
        op.add_column(table, sa.Column("own_branch_id", sa.Uuid(), nullable=True, comment=says))
        op.create_foreign_key(name, table, "organisations", ["own_branch_id"], ["id"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("home_id", sa.Uuid(), nullable=False, comment="the own branch when it was entered"),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "seconded",
                "floating",
                "temporary",
                "study",
                name="attachmentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column("last_on", sa.Date(), nullable=True, comment="its last day, inclusive; NULL: until somebody ends it"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "ended_on", sa.Date(), nullable=True, comment="its last day, where an officer of either branch ended it"
        ),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_attachments_{name}"))
            for name, rule in {
                "of_two_branches": "home_id <> host_id",
                "ends_after_it_begins": "last_on >= first_on",
                "by_whom_iff_ended": "(ended_on IS NULL) = (ended_by_id IS NULL)",
                "not_ended_by_oneself": "ended_by_id <> member_id",
                "not_entered_by_oneself": "entered_by_id <> member_id",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_attachments_{column}"))
            for column, other in {
                "id": "reviews",
                "member_id": "members",
                "home_id": "organisations",
                "host_id": "organisations",
                "entered_by_id": "members",
                "ended_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    for name in ("member", "home", "host"):
        op.create_index(f"ix_attachments_{name}", "attachments", [f"{name}_id", "first_on"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("attachments")
    for table in reversed(OWN_BRANCH):
        op.execute(f"ALTER TABLE {table} DROP COLUMN own_branch_id")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

"""Communities are places of the tree, and collectors have a post there; branches are paired with communities.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import permit

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("committee", "general_branch", "branch", "group")
ROLES = (
    "group_leader",
    "secretary",
    "deputy",
    "organisation",
    "publicity",
    "discipline",
    "committee_officer",
    "inspector",
    "system_administrator",
    "business_administrator",
    "audit_administrator",
)
SQLITE = (
    """CREATE TRIGGER pairing_changes_no_update BEFORE UPDATE ON pairing_changes
    BEGIN SELECT RAISE(ABORT, 'pairing_changes is append-only'); END""",
    """CREATE TRIGGER pairing_changes_no_delete BEFORE DELETE ON pairing_changes
    BEGIN SELECT RAISE(ABORT, 'pairing_changes is append-only'); END""",
    """CREATE TRIGGER pairing_changes_no_overwrite BEFORE INSERT ON pairing_changes
    WHEN EXISTS (SELECT 1 FROM pairing_changes WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'pairing_changes is append-only: this row is there already'); END""",
)
POSTGRESQL = (
    """CREATE TRIGGER pairing_changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pairing_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Make the change."""
    permit("organisations", "kind", "ck_organisations_organisationkind", (*KINDS, "community"))
    permit("role_terms", "role", "ck_role_terms_role", (*ROLES, "collector"))
    op.create_table(
        "community_pairings",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False, comment="answers for the community's wishes"),
        sa.CheckConstraint("branch_id <> community_id", name=op.f("ck_community_pairings_two_places")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_community_pairings_branch_id")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["organisations.id"], name=op.f("fk_community_pairings_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "branch_id", name=op.f("pk_community_pairings")),
    )
    op.create_index(op.f("ix_community_pairings_branch_id"), "community_pairings", ["branch_id"])
    op.create_index(
        "uq_community_pairings_one_leads",
        "community_pairings",
        ["community_id"],
        unique=True,
        sqlite_where=sa.text("leads"),
        postgresql_where=sa.text("leads"),
    )
    op.create_table(
        "pairing_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True, comment="NULL: a command on the server"),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "paired",
                "leads",
                "ended",
                name="pairingchangekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_pairing_changes_actor_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_pairing_changes_branch_id")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_pairing_changes_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_changes")),
    )
    op.create_index("ix_pairing_changes_community", "pairing_changes", ["community_id", "id"])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; communities and collectors have to be gone."""
    op.drop_table("pairing_changes")
    op.drop_table("community_pairings")
    permit("role_terms", "role", "ck_role_terms_role", ROLES)
    permit("organisations", "kind", "ck_organisations_organisationkind", KINDS)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

"""Appointment and recovery are votes: proposals that want a second person, whose hand opened an account, what was read.

Revision: 0015, after 0014.

Whoever decides on a record of an officer has held the deciding post since before that record arrived: the database
asks as well.
"""

import sqlalchemy as sa
from alembic import op

from migrations.checks import permit

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

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
    "collector",
)
REFERENCES = ("added_by_id", "opened_by_id")
TOO_LATE = "reviews: a record of an officer is decided by who held a post that decides before it arrived"
OF_AN_OFFICER = """EXISTS (
    SELECT 1 FROM role_terms AS held
    WHERE held.member_id IN (NEW.member_id, NEW.recorded_by_id) AND held.organisation_id = NEW.branch_id
      AND held.role IN ('secretary', 'deputy', 'organisation')
      AND (held.ends_on IS NULL OR held.ends_on >= date(NEW.submitted_at)))"""
DECIDER_BEFORE = """EXISTS (
    SELECT 1 FROM role_terms AS decides
    WHERE decides.member_id = NEW.decided_by_id
      AND decides.role IN ('secretary', 'deputy', 'organisation', 'supervisor', 'committee_officer')
      AND (decides.given_at IS NULL OR decides.given_at <= NEW.submitted_at))"""
SQLITE = (
    f"""CREATE TRIGGER reviews_decided_by_who_was_there BEFORE UPDATE OF decided_by_id ON reviews
    WHEN NEW.decided_by_id NOT IN (NEW.member_id, NEW.recorded_by_id) AND OLD.decided_by_id IS NULL AND {OF_AN_OFFICER} AND NOT {DECIDER_BEFORE}
    BEGIN SELECT RAISE(ABORT, '{TOO_LATE}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION refuse_late_decider() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.decided_by_id NOT IN (NEW.member_id, NEW.recorded_by_id) AND OLD.decided_by_id IS NULL
            AND {OF_AN_OFFICER} AND NOT {DECIDER_BEFORE} THEN
            RAISE EXCEPTION USING MESSAGE = '{TOO_LATE}', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER reviews_decided_by_who_was_there BEFORE UPDATE OF decided_by_id ON reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_late_decider()""",
)


def upgrade() -> None:
    """Make the change."""
    permit("role_terms", "role", "ck_role_terms_role", (*ROLES, "supervisor"))
    if _is_sqlite():
        for column in REFERENCES:
            op.execute(
                f"ALTER TABLE members ADD COLUMN {column} CHAR(32) "
                f"CONSTRAINT fk_members_{column} REFERENCES members (id)"
            )
        op.execute(
            "ALTER TABLE role_terms ADD COLUMN ended_at DATETIME "
            "CONSTRAINT ck_role_terms_ended_on_a_day CHECK (ended_at IS NULL OR ends_on IS NOT NULL)"
        )
    else:
        op.add_column("members", sa.Column("added_by_id", sa.Uuid(), nullable=True, comment="NULL: on the server"))
        op.add_column(
            "members",
            sa.Column(
                "opened_by_id",
                sa.Uuid(),
                nullable=True,
                comment="printed the slip with which the password was set last; NULL: the server",
            ),
        )
        for column in REFERENCES:
            op.create_foreign_key(f"fk_members_{column}", "members", "members", [column], ["id"])
        op.add_column(
            "role_terms",
            sa.Column(
                "ended_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="over from this moment of its last day",
            ),
        )
        op.create_check_constraint(
            op.f("ck_role_terms_ended_on_a_day"), "role_terms", "ended_at IS NULL OR ends_on IS NOT NULL"
        )
    op.add_column(
        "members",
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the password was set last with a slip",
        ),
    )
    op.add_column(
        "members",
        sa.Column(
            "version", sa.BigInteger(), server_default="1", nullable=False, comment="of the details a form shows"
        ),
    )
    op.add_column(
        "role_terms",
        sa.Column(
            "given_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was written down; NULL: before that was kept",
        ),
    )
    op.create_table(
        "post_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, "supervisor", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("ends", sa.Boolean(), nullable=False, comment="whether the post is to end; else it is to be given"),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="NULL: open, or at once where the post ends"),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "confirmed",
                "declined",
                "withdrawn",
                "lapsed",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (state IN ('waiting', 'lapsed'))",
            name=op.f("ck_post_proposals_decider_iff_decided"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_post_proposals_time_iff_decided")
        ),
        sa.CheckConstraint(
            "decided_by_id <> member_id OR state <> 'confirmed'",
            name=op.f("ck_post_proposals_not_confirmed_for_oneself"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id OR state <> 'confirmed'",
            name=op.f("ck_post_proposals_confirmed_by_another"),
        ),
        sa.CheckConstraint(
            "ends OR starts_on IS NOT NULL", name=op.f("ck_post_proposals_a_post_given_has_a_first_day")
        ),
        sa.CheckConstraint("proposed_by_id <> member_id", name=op.f("ck_post_proposals_not_for_oneself")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_post_proposals_decided_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_post_proposals_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_post_proposals_organisation_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["members.id"], name=op.f("fk_post_proposals_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_proposals")),
    )
    op.create_index("ix_post_proposals_state", "post_proposals", ["state", "proposed_at"])
    op.create_index(
        "uq_post_proposals_waiting",
        "post_proposals",
        ["member_id", "organisation_id", "role"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "account_news_read",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "until_entry", sa.Uuid(), nullable=False, comment="the last audit entry that was read; ids follow time"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_account_news_read_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_account_news_read")),
    )
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP TRIGGER reviews_decided_by_who_was_there" + ("" if _is_sqlite() else " ON reviews"))
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_late_decider()")
    op.drop_table("account_news_read")
    op.drop_table("post_proposals")
    for table, columns in (
        ("role_terms", ("given_at", "ended_at")),
        ("members", (*REFERENCES, "opened_at", "version")),
    ):
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    permit("role_terms", "role", "ck_role_terms_role", ROLES)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

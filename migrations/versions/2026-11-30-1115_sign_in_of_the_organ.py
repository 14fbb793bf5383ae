"""Accounts of outside that are linked with members, ways out that wait for their way back, and what they opened.

Revision: 0072, after 0071.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "outside_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "oidc", "wecom", "dingtalk", "gateway", name="way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_digest", sa.String(length=64), nullable=False, comment="SHA-256 of way, place and subject"),
        sa.Column("label", sa.String(length=60), nullable=False, comment="what the person is called there"),
        sa.Column(
            "made_by",
            sa.Enum("self", "number", name="madeby", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_outside_links_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_links")),
        sa.UniqueConstraint("member_id", "way", name="uq_outside_links_member_way"),
        sa.UniqueConstraint("subject_digest", name="uq_outside_links_subject_digest"),
    )
    op.create_table(
        "outside_trips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "browser_digest", sa.String(length=64), nullable=False, comment="of what the browser keeps meanwhile"
        ),
        sa.Column(
            "way",
            sa.Enum(
                "oidc", "wecom", "dingtalk", "gateway", name="way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum("enter", "link", "confirm", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("lands_on", sa.String(length=500), nullable=False, comment="the page to go to then"),
        sa.Column("is_shared", sa.Boolean(), nullable=False, comment="others use this phone too"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(purpose = 'enter') = (member_id IS NULL)", name=op.f("ck_outside_trips_whose_it_is")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_outside_trips_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_trips")),
        sa.UniqueConstraint("state_digest", name="uq_outside_trips_state_digest"),
    )
    op.create_index("ix_outside_trips_begun_at", "outside_trips", ["begun_at"], unique=False)
    op.create_index("ix_outside_trips_member_id", "outside_trips", ["member_id"], unique=False)

    op.create_table(
        "outside_sessions",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "oidc", "wecom", "dingtalk", "gateway", name="way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_digest", sa.String(length=64), nullable=False, comment="as in outside_links"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_outside_sessions_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_outside_sessions")),
    )


def downgrade() -> None:
    """Take the change back."""
    opened = sa.select(sa.table("outside_sessions", sa.column("session_id")).c.session_id)
    sessions = sa.table("sessions", sa.column("id"), sa.column("ended_at", sa.DateTime(timezone=True)))
    op.execute(  # an earlier version does not know that a post needs more than what has opened them
        sa.update(sessions)
        .where(sessions.c.ended_at.is_(None), sessions.c.id.in_(opened))
        .values(ended_at=datetime.now(UTC))
    )
    op.drop_table("outside_sessions")
    op.drop_table("outside_trips")
    op.drop_table("outside_links")

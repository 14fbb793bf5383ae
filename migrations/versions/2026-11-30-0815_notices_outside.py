"""Ways by which people let themselves be reminded outside, and what was sent.

Revision: 0069, after 0068.
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "notice_channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "push",
                "mail",
                "wecom",
                "wecom_robot",
                "dingtalk",
                "feishu",
                name="channelkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "unproven",
                "on",
                "muted",
                "broken",
                "ended",
                name="channelstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sealed", sa.Text(), nullable=True, comment="address, secret and code, as JSON"),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False, comment="in which the person is spoken to"),
        sa.Column("label", sa.String(length=60), nullable=False, comment="of a browser: how its owner would call it"),
        sa.Column("endpoint_digest", sa.String(length=64), nullable=True, comment="SHA-256 of a browser's address"),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "told_at", sa.DateTime(timezone=True), nullable=True, comment="when the last reminder on it was begun"
        ),
        sa.CheckConstraint(
            "(kind = 'push') = (endpoint_digest IS NOT NULL)", name=op.f("ck_notice_channels_a_browser_has_an_endpoint")
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (sealed IS NULL)", name=op.f("ck_notice_channels_sealed_until_it_ends")
        ),
        sa.CheckConstraint(
            "(state = 'unproven') = (code_until IS NOT NULL)", name=op.f("ck_notice_channels_a_code_until_it_is_proven")
        ),
        sa.CheckConstraint("language IN ('zh_CN', 'en')", name=op.f("ck_notice_channels_in_a_language_of_ours")),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name=op.f("ck_notice_channels_sealed_with_a_key")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_notice_channels_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_channels")),
    )
    op.create_index("ix_notice_channels_member_id", "notice_channels", ["member_id"], unique=False)
    op.create_index(
        "ix_notice_channels_on",
        "notice_channels",
        ["kind", "told_at"],
        unique=False,
        sqlite_where=sa.text("state = 'on'"),
        postgresql_where=sa.text("state = 'on'"),
    )
    op.create_index(
        "uq_notice_channels_endpoint",
        "notice_channels",
        ["endpoint_digest"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_index(
        "uq_notice_channels_kind",
        "notice_channels",
        ["member_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended' AND kind <> 'push'"),
        postgresql_where=sa.text("state <> 'ended' AND kind <> 'push'"),
    )

    op.create_table(
        "outward_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "push",
                "mail",
                "wecom",
                "wecom_robot",
                "dingtalk",
                "feishu",
                name="channelkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum("reminder", "code", "trial", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "underway",
                "waiting",
                "sent",
                "given_up",
                "unknown",
                "dropped",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "taken",
                "no_such_address",
                "refused",
                "unreachable",
                "unknown",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("detail", sa.String(length=40), nullable=False, comment="numbers of the service, no names"),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at IS NOT NULL)", name=op.f("ck_outward_notices_waits_for_a_moment")
        ),
        sa.CheckConstraint(
            "purpose = 'reminder' OR state <> 'waiting'", name=op.f("ck_outward_notices_only_reminders_are_repeated")
        ),
        sa.CheckConstraint("attempts BETWEEN 1 AND 4", name=op.f("ck_outward_notices_attempts_have_an_end")),
        sa.ForeignKeyConstraint(["channel_id"], ["notice_channels.id"], name=op.f("fk_outward_notices_channel_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_outward_notices_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outward_notices")),
    )
    op.create_index("ix_outward_notices_begun_at", "outward_notices", ["begun_at"], unique=False)
    op.create_index("ix_outward_notices_channel_id", "outward_notices", ["channel_id"], unique=False)
    op.create_index("ix_outward_notices_kind", "outward_notices", ["kind", "tried_at"], unique=False)
    op.create_index("ix_outward_notices_member", "outward_notices", ["member_id", "begun_at"], unique=False)
    op.create_index(
        "ix_outward_notices_open",
        "outward_notices",
        ["state", "next_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('underway', 'waiting')"),
        postgresql_where=sa.text("state IN ('underway', 'waiting')"),
    )
    op.create_index(
        "uq_outward_notices_open",
        "outward_notices",
        ["channel_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('underway', 'waiting') AND purpose = 'reminder'"),
        postgresql_where=sa.text("state IN ('underway', 'waiting') AND purpose = 'reminder'"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("outward_notices")
    op.drop_table("notice_channels")

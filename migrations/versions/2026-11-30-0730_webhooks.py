"""Webhooks, and what each is still to be told.

Revision: 0062, after 0061.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

OPEN = sa.text("next_at IS NOT NULL")
HAPPENINGS = (
    "fact.confirmed",
    "fact.taken_back",
    "pledge.ended",
    "meeting.planned",
    "meeting.changed",
    "meeting.postponed",
    "meeting.cancelled",
    "meeting.recorded",
    "test",
)
TROUBLES = ("status", "unreachable", "not_trusted", "not_allowed", "no_key")


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False, comment="words of Happening, sorted"),
        sa.Column("sealed", sa.Text(), nullable=False, comment="the secret that signs"),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_webhooks_{name}"))
            for name, rule in {
                "ended_by_somebody": "(ended_at IS NULL) = (ended_by_id IS NULL)",
                "url_is_an_address": "url LIKE 'http://%' OR url LIKE 'https://%'",
                "has_name": "length(trim(name)) > 0",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], ["members.id"], name=op.f(f"fk_webhooks_{column}"))
            for column in ("made_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", _one_of("happening", HAPPENINGS), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False, comment="the fact, pledge or meeting; no names"),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when it happened"),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True, comment="NULL: delivered, or given up"),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.BigInteger(), nullable=True, comment="of the last answer"),
        sa.Column("trouble", _one_of("trouble", TROUBLES), nullable=True, comment="of the last attempt"),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_webhook_deliveries_attempts_counted")),
        sa.CheckConstraint(
            "delivered_at IS NULL OR next_at IS NULL", name=op.f("ck_webhook_deliveries_delivered_is_over")
        ),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_webhook_deliveries_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_next",
        "webhook_deliveries",
        ["next_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_webhook_deliveries_log", "webhook_deliveries", ["webhook_id", "id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")

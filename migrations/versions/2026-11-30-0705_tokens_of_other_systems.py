"""Tokens of other systems, and how much was read with each on a day.

Revision: 0061, after 0060.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

SCOPES = ("branches", "members", "names", "phones", "facts", "duties")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False, comment="which system, and what for"),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="words of Scope, sorted"),
        sa.Column("reach_id", sa.Uuid(), nullable=False, comment="this and all below it"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="its last day"),
        sa.Column(
            "stands",
            sa.Enum(
                "waiting", "confirmed", "declined", name="stands", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False, comment="and alone takes the secret"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "token_digest", sa.String(length=64), nullable=True, comment="SHA-256, hex: the secret itself left once"
        ),
        sa.Column("last_used_on", sa.Date(), nullable=True, comment="the day alone"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_api_tokens_{name}"))
            for name, rule in {
                "decided_by_another": "decided_by_id <> entered_by_id",
                "decided_by_iff_decided": "(stands = 'waiting') = (decided_by_id IS NULL)",
                "decided_at_iff_decided": "(decided_by_id IS NULL) = (decided_at IS NULL)",
                "taken_once_confirmed": "token_digest IS NULL OR stands = 'confirmed'",
                "digest_of_a_secret": "length(token_digest) = 64",
                "used_once_taken": "last_used_on IS NULL OR token_digest IS NOT NULL",
                "ended_by_somebody": "(ended_at IS NULL) = (ended_by_id IS NULL)",
                "has_name": "length(trim(name)) > 0",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_api_tokens_{column}"))
            for column, table in {
                "reach_id": "organisations",
                "entered_by_id": "members",
                "decided_by_id": "members",
                "ended_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_digest", name="uq_api_tokens_token"),
    )
    op.create_index("ix_api_tokens_reach_id", "api_tokens", ["reach_id"])
    op.create_index("ix_api_tokens_stands", "api_tokens", ["stands", "ends_on"])
    op.create_table(
        "api_reads",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(*SCOPES, name="scope", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False, comment="how many rows left the house"),
        sa.CheckConstraint("calls > 0 AND lines >= 0", name=op.f("ck_api_reads_something_was_read")),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_api_reads_token_id")),
        sa.PrimaryKeyConstraint("token_id", "day", "scope", name=op.f("pk_api_reads")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("api_reads")
    op.drop_table("api_tokens")

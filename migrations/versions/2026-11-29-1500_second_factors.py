"""Second factors: apps and passkeys, codes on paper, resets by two; sessions that wait for one.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    moments = {
        "awaits_factor_since": "the password was right then, and the second factor is still to come",
        "factor_at": "when the second factor was given",
    }
    for name, comment in moments.items():
        op.add_column("sessions", sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment))
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("factorkind", "app", "passkey"), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False, comment="as the owner calls the device"),
        sa.Column("sealed", sa.Text(), nullable=True, comment="the secret of an app"),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("credential_id", sa.String(length=1400), nullable=True, comment="base64url"),
        sa.Column("public_key", sa.Text(), nullable=True, comment="base64url"),
        sa.Column(
            "counter",
            sa.BigInteger(),
            nullable=False,
            comment="of an app the last step of 30 s that was used, of a passkey how often it signed",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'app') = (sealed IS NOT NULL)", name=op.f("ck_second_factors_an_app_has_a_secret")),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name=op.f("ck_second_factors_sealed_with_a_key")),
        sa.CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL)", name=op.f("ck_second_factors_a_passkey_has_an_id")
        ),
        sa.CheckConstraint(
            "(kind = 'passkey') = (public_key IS NOT NULL)", name=op.f("ck_second_factors_a_passkey_has_a_key")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_second_factors_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("credential_id", name="uq_second_factors_credential_id"),
    )
    op.create_index("ix_second_factors_member_id", "second_factors", ["member_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_recovery_codes_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_digest", name="uq_recovery_codes_code_digest"),
    )
    op.create_index("ix_recovery_codes_member_id", "recovery_codes", ["member_id"], unique=False)
    op.create_table(
        "factor_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", _words("resetstate", "waiting", "done", "ended"), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("proposed_by_id <> member_id", name=op.f("ck_factor_resets_not_for_oneself")),
        sa.CheckConstraint(
            "decided_by_id <> member_id OR state = 'ended'", name=op.f("ck_factor_resets_not_confirmed_for_oneself")
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id OR state = 'ended'", name=op.f("ck_factor_resets_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR decided_by_id IS NOT NULL", name=op.f("ck_factor_resets_done_by_somebody")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_factor_resets_decided_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_factor_resets_member_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["members.id"], name=op.f("fk_factor_resets_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_resets")),
    )
    op.create_index(
        "uq_factor_resets_waiting",
        "factor_resets",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("factor_resets", "recovery_codes", "second_factors"):
        op.drop_table(table)
    for name in ("factor_at", "awaits_factor_since"):
        op.drop_column("sessions", name)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)

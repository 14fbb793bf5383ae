"""The card of the three shows: what it tells beyond the roster, consents, photos.

Revision: 0004, after 0003.

A consent may be withdrawn, once, and is else as it was given: triggers see to it. SQLite's ``INSERT OR REPLACE``
deletes without asking the delete trigger, so there an insert is watched as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER card_consents_only_withdrawn BEFORE UPDATE ON card_consents
    WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
      OR NEW.id <> OLD.id OR NEW.member_id <> OLD.member_id OR NEW.token <> OLD.token
      OR NEW.text_version <> OLD.text_version OR NEW.fields <> OLD.fields OR NEW.given_at <> OLD.given_at
    BEGIN SELECT RAISE(ABORT, 'card_consents are only withdrawn, once'); END""",
    """CREATE TRIGGER card_consents_no_delete BEFORE DELETE ON card_consents
    BEGIN SELECT RAISE(ABORT, 'card_consents is append-only'); END""",
    """CREATE TRIGGER card_consents_no_overwrite BEFORE INSERT ON card_consents
    WHEN EXISTS (SELECT 1 FROM card_consents WHERE id = NEW.id OR token = NEW.token)
      OR EXISTS (SELECT 1 FROM card_consents WHERE member_id = NEW.member_id AND withdrawn_at IS NULL
                 AND NEW.withdrawn_at IS NULL)
    BEGIN SELECT RAISE(ABORT, 'card_consents is append-only: this row is there already'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
           OR (NEW.id, NEW.member_id, NEW.token, NEW.text_version, NEW.fields::text, NEW.given_at)
              IS DISTINCT FROM
              (OLD.id, OLD.member_id, OLD.token, OLD.text_version, OLD.fields::text, OLD.given_at) THEN
            RAISE EXCEPTION USING MESSAGE = 'card_consents are only withdrawn, once', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER card_consents_only_withdrawn BEFORE UPDATE ON card_consents
    FOR EACH ROW EXECUTE FUNCTION refuse_consent_change()""",
    """CREATE TRIGGER card_consents_no_delete BEFORE DELETE OR TRUNCATE ON card_consents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "card_identities",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service_scope", sa.String(length=60), nullable=True),
        sa.Column("office_phone", sa.String(length=30), nullable=True),
        sa.Column("motto", sa.String(length=40), nullable=True),
        sa.Column("pioneer_post", sa.Boolean(), nullable=False, comment="党员先锋岗"),
        sa.Column("shows_joined", sa.Boolean(), nullable=False, comment="whether the card says when the member joined"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False, comment="the member, or an officer for them"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_card_identities_year_plausible")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_card_identities_entered_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_card_identities_member_id")),
        sa.PrimaryKeyConstraint("member_id", "year", name=op.f("pk_card_identities")),
    )
    op.create_table(
        "card_sights",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("branch", "organ", name="cardscope", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_card_sights_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_card_sights")),
    )
    op.create_table(
        "card_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False, comment="WebP of 96 pixels, see core/photos.py"),
        sa.Column("large", sa.LargeBinary(), nullable=False, comment="WebP of 320 pixels"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False, comment="the member, or an officer for them"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_card_photos_entered_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_card_photos_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_photos")),
        sa.UniqueConstraint("member_id", name="uq_card_photos_one_each"),
    )
    op.create_table(
        "card_consents",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made with the form: twice is once"),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="whose card, and who said yes"),
        sa.Column("token", sa.String(length=26), nullable=False, comment="of the public address /p/…"),
        sa.Column("text_version", sa.String(length=12), nullable=False, comment="see rules.CONSENT_VERSION"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="rules.PublicField of each piece beside the name"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "withdrawn_by_id",
            sa.Uuid(),
            nullable=True,
            comment="the member, or an officer; NULL: the member has left",
        ),
        sa.CheckConstraint("length(token) >= 26", name=op.f("ck_card_consents_token_unguessable")),
        sa.CheckConstraint("withdrawn_at >= given_at", name=op.f("ck_card_consents_withdrawn_after_given")),
        sa.CheckConstraint(
            "withdrawn_at IS NOT NULL OR withdrawn_by_id IS NULL",
            name=op.f("ck_card_consents_nobody_withdrew_an_open_one"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_card_consents_member_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["members.id"], name=op.f("fk_card_consents_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_consents")),
        sa.UniqueConstraint("token", name="uq_card_consents_token"),
    )
    op.create_index(
        "uq_card_consents_open",
        "card_consents",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_card_consents_member_id", "card_consents", ["member_id", "given_at"])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for table in ("card_consents", "card_photos", "card_sights", "card_identities"):
        op.drop_table(table)
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_consent_change()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

"""Wishes from the public: posters, what residents sent, lists from Excel, thank-you stories.

Revision: 0010, after 0009.

What has ended stays ended: a submission that was decided or taken back, and a story that its wisher took down.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER wish_submissions_end_is_final BEFORE UPDATE OF status ON wish_submissions
    WHEN OLD.status <> 'waiting' AND NEW.status <> OLD.status
    BEGIN SELECT RAISE(ABORT, 'wish_submissions: what has ended stays ended'); END""",
    """CREATE TRIGGER wish_stories_consent_stays BEFORE UPDATE ON wish_stories
    WHEN OLD.ended_at IS NOT NULL OR NEW.wish_id <> OLD.wish_id OR NEW.agreed_how <> OLD.agreed_how
      OR NEW.agreed_on <> OLD.agreed_on OR NEW.consent_version <> OLD.consent_version
    BEGIN SELECT RAISE(ABORT, 'wish_stories: a consent stays as it was given, and its end is final'); END""",
    """CREATE TRIGGER wish_stories_no_delete BEFORE DELETE ON wish_stories
    BEGIN SELECT RAISE(ABORT, 'wish_stories: consents are kept'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_submission_after_its_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.status <> 'waiting' AND NEW.status <> OLD.status THEN
            RAISE EXCEPTION USING
                MESSAGE = 'wish_submissions: what has ended stays ended', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER wish_submissions_end_is_final BEFORE UPDATE OF status ON wish_submissions
    FOR EACH ROW EXECUTE FUNCTION refuse_submission_after_its_end()""",
    """CREATE FUNCTION refuse_story_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.ended_at IS NOT NULL OR (NEW.wish_id, NEW.agreed_how, NEW.agreed_on, NEW.consent_version)
           IS DISTINCT FROM (OLD.wish_id, OLD.agreed_how, OLD.agreed_on, OLD.consent_version) THEN
            RAISE EXCEPTION USING
                MESSAGE = 'wish_stories: a consent stays as it was given, and its end is final',
                ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER wish_stories_consent_stays BEFORE UPDATE ON wish_stories
    FOR EACH ROW EXECUTE FUNCTION refuse_story_consent_change()""",
    """CREATE TRIGGER wish_stories_no_delete BEFORE DELETE OR TRUNCATE ON wish_stories
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
FUNCTIONS = ("refuse_submission_after_its_end", "refuse_story_consent_change")
TABLES = ("wish_uploads", "wish_stories", "wish_submissions", "wish_posters")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "wish_posters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_wish_posters_ended_by_somebody")
        ),
        sa.CheckConstraint("length(token) = 16", name=op.f("ck_wish_posters_token_unguessable")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_wish_posters_community_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_wish_posters_ended_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["members.id"], name=op.f("fk_wish_posters_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_posters")),
        sa.UniqueConstraint("token", name="uq_wish_posters_token"),
    )
    op.create_index(
        "uq_wish_posters_current",
        "wish_posters",
        ["community_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wish_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="rows about wishes below the headings"),
        sa.Column("sealed", sa.Text(), nullable=False, comment="imports.rules.Reading, see core/sealing.py"),
        sa.Column("key_id", sa.String(length=16), nullable=False, comment="the key that sealed it"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True, comment="imports.rules.Outcome"),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_wish_uploads_outcome_iff_confirmed")
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_wish_uploads_has_rows")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_wish_uploads_community_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_wish_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_uploads")),
    )
    op.create_index("ix_wish_uploads_uploaded_at", "wish_uploads", ["uploaded_at"], unique=False)
    op.create_table(
        "wish_stories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("story", sa.String(length=300), nullable=True, comment="names nobody; NULL: taken down"),
        sa.Column("photo", sa.LargeBinary(), nullable=True, comment="of the thing, never demanded; core/photos.py"),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "agreed_how",
            sa.Enum("spoken", "written", name="agreedhow", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=False, comment="the day the wisher agreed; branch-local"),
        sa.Column("consent_version", sa.String(length=12), nullable=False, comment="of stories/rules.CONSENT_TEXTS"),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="taken down; story and photo were erased"
        ),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True, comment="NULL: the wisher's own tap"),
        sa.CheckConstraint("(ended_at IS NULL) = (story IS NOT NULL)", name=op.f("ck_wish_stories_gone_when_ended")),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR ended_by_id IS NULL", name=op.f("ck_wish_stories_nobody_ended_a_shown_one")
        ),
        sa.CheckConstraint("ended_at IS NULL OR photo IS NULL", name=op.f("ck_wish_stories_photo_gone_when_ended")),
        sa.CheckConstraint("length(trim(story)) BETWEEN 1 AND 300", name=op.f("ck_wish_stories_says_something")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_wish_stories_ended_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_stories_wish_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["members.id"], name=op.f("fk_wish_stories_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_stories")),
    )
    op.create_index(op.f("ix_wish_stories_wish_id"), "wish_stories", ["wish_id"], unique=False)
    op.create_index(
        "uq_wish_stories_shown",
        "wish_stories",
        ["wish_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wish_submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_digest", sa.String(length=64), nullable=False),
        sa.Column("network_digest", sa.String(length=64), nullable=True, comment="keyed; forgotten after a week"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "consent_version",
            sa.String(length=12),
            nullable=False,
            comment="of the texts agreed to, see contacts/consents.py",
        ),
        sa.Column("sealed", sa.Text(), nullable=True, comment="rules.Told, see core/sealing.py"),
        sa.Column("key_id", sa.String(length=16), nullable=True, comment="the key that sealed it"),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "accepted",
                "refused",
                "withdrawn",
                "lapsed",
                name="submissionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wish_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="decided, taken back or lapsed; what was said is gone",
        ),
        sa.CheckConstraint(
            "(status = 'accepted') = (wish_id IS NOT NULL)", name=op.f("ck_wish_submissions_accepted_iff_wish")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (ended_at IS NULL)", name=op.f("ck_wish_submissions_ended_iff_decided")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (sealed IS NOT NULL)", name=op.f("ck_wish_submissions_kept_only_while_waiting")
        ),
        sa.CheckConstraint(
            "(status IN ('accepted', 'refused')) = (decided_by_id IS NOT NULL)",
            name=op.f("ck_wish_submissions_decided_by_somebody"),
        ),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name=op.f("ck_wish_submissions_sealed_with_a_key")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_wish_submissions_community_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_wish_submissions_decided_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_submissions_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_submissions")),
        sa.UniqueConstraint("receipt_digest", name="uq_wish_submissions_receipt"),
        sa.UniqueConstraint("wish_id", name="uq_wish_submissions_wish"),
    )
    op.create_index(
        "ix_wish_submissions_network", "wish_submissions", ["community_id", "network_digest", "sent_at"], unique=False
    )
    op.create_index(
        "ix_wish_submissions_queue", "wish_submissions", ["community_id", "status", "sent_at"], unique=False
    )
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    for table in TABLES:
        op.drop_table(table)
    if not _is_sqlite():
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

"""Pledges, their progress and how they ended.

Revision: 0005, after 0004.

What was handed in, said and proposed stays as it was: a draft alone may be changed or removed. SQLite's
``INSERT OR REPLACE`` deletes without asking the delete trigger, so there an insert is watched as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER pledges_no_update BEFORE UPDATE ON pledges
    WHEN EXISTS (SELECT 1 FROM reviews WHERE id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'pledges: what was handed in stays as it was'); END""",
    """CREATE TRIGGER pledges_no_delete BEFORE DELETE ON pledges
    WHEN EXISTS (SELECT 1 FROM reviews WHERE id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'pledges: what was handed in stays as it was'); END""",
    """CREATE TRIGGER pledges_no_overwrite BEFORE INSERT ON pledges
    WHEN EXISTS (SELECT 1 FROM pledges WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'pledges: this row is there already'); END""",
    """CREATE TRIGGER pledge_progress_no_update BEFORE UPDATE ON pledge_progress
    BEGIN SELECT RAISE(ABORT, 'pledge_progress is append-only'); END""",
    """CREATE TRIGGER pledge_progress_no_delete BEFORE DELETE ON pledge_progress
    BEGIN SELECT RAISE(ABORT, 'pledge_progress is append-only'); END""",
    """CREATE TRIGGER pledge_progress_no_overwrite BEFORE INSERT ON pledge_progress
    WHEN EXISTS (SELECT 1 FROM pledge_progress WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'pledge_progress is append-only: this row is there already'); END""",
    """CREATE TRIGGER pledge_outcomes_no_update BEFORE UPDATE ON pledge_outcomes
    BEGIN SELECT RAISE(ABORT, 'pledge_outcomes is append-only'); END""",
    """CREATE TRIGGER pledge_outcomes_no_delete BEFORE DELETE ON pledge_outcomes
    BEGIN SELECT RAISE(ABORT, 'pledge_outcomes is append-only'); END""",
    """CREATE TRIGGER pledge_outcomes_no_overwrite BEFORE INSERT ON pledge_outcomes
    WHEN EXISTS (SELECT 1 FROM pledge_outcomes WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM pledge_outcomes WHERE pledge_id = NEW.pledge_id AND attempt = NEW.attempt)
    BEGIN SELECT RAISE(ABORT, 'pledge_outcomes is append-only: this row is there already'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change_of_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM reviews WHERE id = OLD.id) THEN
            RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': what was handed in stays as it was',
                ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER pledges_stay BEFORE UPDATE OR DELETE ON pledges
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_submitted()""",
    """CREATE TRIGGER pledges_no_truncate BEFORE TRUNCATE ON pledges
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER pledge_progress_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pledge_progress
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER pledge_outcomes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pledge_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Make the tables, and let the database keep what was handed in."""
    op.create_table(
        "pledge_settings",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("asks_peers", sa.Boolean(), nullable=False, comment="colleagues may say what they saw"),
        sa.Column("has_own_library", sa.Boolean(), nullable=False, comment="suggestions are rows of the branch"),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_pledge_settings_branch_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["members.id"], name=op.f("fk_pledge_settings_changed_by_id")),
        sa.PrimaryKeyConstraint("branch_id", name=op.f("pk_pledge_settings")),
    )
    op.create_table(
        "pledge_suggestions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "everybody",
                "secretary",
                "committee",
                "group_leader",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("keyword", sa.String(length=20), nullable=True, comment="part of a working post's name"),
        sa.Column(
            "side",
            sa.Enum(
                "learning",
                "work",
                "discipline",
                "service",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("sign", sa.String(length=60), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True, comment="NULL: as it came"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(trim(keyword)) BETWEEN 1 AND 20", name=op.f("ck_pledge_suggestions_keyword_not_blank")
        ),
        sa.CheckConstraint("length(trim(sign)) BETWEEN 1 AND 60", name=op.f("ck_pledge_suggestions_has_sign")),
        sa.CheckConstraint("length(trim(text)) BETWEEN 1 AND 60", name=op.f("ck_pledge_suggestions_has_text")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_pledge_suggestions_branch_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["members.id"], name=op.f("fk_pledge_suggestions_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_suggestions")),
        sa.UniqueConstraint("branch_id", "text", name="uq_pledge_suggestions_text"),
    )
    op.create_table(
        "pledges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="in which it was written"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "learning",
                "work",
                "discipline",
                "service",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column(
            "sign", sa.String(length=60), nullable=False, comment="by which anybody can see that it is fulfilled"
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False, comment="an officer if written for the member"),
        sa.Column(
            "written_at", sa.DateTime(timezone=True), nullable=False, comment="changed last, while it was a draft"
        ),
        sa.Column("corrects_id", sa.Uuid(), nullable=True, comment="the returned one before it"),
        sa.Column("copied_from_id", sa.Uuid(), nullable=True, comment="last year's, taken over"),
        sa.CheckConstraint("corrects_id <> id", name=op.f("ck_pledges_not_own_correction")),
        sa.CheckConstraint("length(trim(sign)) BETWEEN 1 AND 60", name=op.f("ck_pledges_has_sign")),
        sa.CheckConstraint("length(trim(text)) BETWEEN 1 AND 60", name=op.f("ck_pledges_has_text")),
        sa.CheckConstraint(
            "substr(CAST(due_on AS VARCHAR(10)), 1, 4) = CAST(year AS VARCHAR(4))",
            name=op.f("ck_pledges_due_in_its_year"),
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_pledges_year_plausible")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_pledges_branch_id")),
        sa.ForeignKeyConstraint(["copied_from_id"], ["pledges.id"], name=op.f("fk_pledges_copied_from_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["pledges.id"], name=op.f("fk_pledges_corrects_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pledges_member_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["members.id"], name=op.f("fk_pledges_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint("id", "member_id", name="uq_pledges_owner"),
    )
    op.create_index("ix_pledges_branch", "pledges", ["branch_id", "year"], unique=False)
    op.create_index("ix_pledges_member", "pledges", ["member_id", "year", "id"], unique=False)
    op.create_table(
        "pledge_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="whose pledge it is"),
        sa.Column("attempt", sa.BigInteger(), nullable=False, comment="two people cannot both say the first word"),
        sa.Column(
            "outcome",
            sa.Enum("done", "not_met", "excused", name="ending", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("said", sa.String(length=200), nullable=True, comment="a sentence; the reason if there is one"),
        sa.Column("said_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.CheckConstraint("outcome <> 'excused' OR said IS NOT NULL", name=op.f("ck_pledge_outcomes_reason_named")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_pledge_outcomes_attempt_from_one")),
        sa.CheckConstraint("length(trim(said)) BETWEEN 1 AND 200", name=op.f("ck_pledge_outcomes_said_not_blank")),
        sa.ForeignKeyConstraint(["id"], ["reviews.id"], name=op.f("fk_pledge_outcomes_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pledge_outcomes_member_id")),
        sa.ForeignKeyConstraint(
            ["pledge_id", "member_id"], ["pledges.id", "pledges.member_id"], name="fk_pledge_outcomes_owner"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_outcomes")),
        sa.UniqueConstraint("pledge_id", "attempt", name="uq_pledge_outcomes_attempt"),
    )
    op.create_index("ix_pledge_outcomes_member", "pledge_outcomes", ["member_id"], unique=False)
    op.create_table(
        "pledge_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="whose pledge it is"),
        sa.Column("quarter", sa.BigInteger(), nullable=False, comment="of the pledge's year, by the day it was said"),
        sa.Column(
            "state",
            sa.Enum(
                "on_track",
                "in_difficulty",
                "done",
                name="progress",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "said_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="corrected by the measured error of the phone's clock",
        ),
        sa.Column(
            "device_time",
            sa.String(length=40),
            nullable=True,
            comment="the phone's own words for it; none for what was said on the page",
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_offline", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(trim(note)) BETWEEN 1 AND 200", name=op.f("ck_pledge_progress_note_not_blank")),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_pledge_progress_quarter_of_a_year")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pledge_progress_member_id")),
        sa.ForeignKeyConstraint(
            ["pledge_id", "member_id"], ["pledges.id", "pledges.member_id"], name="fk_pledge_progress_owner"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_pledge_progress_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_progress")),
    )
    op.create_index("ix_pledge_progress_pledge", "pledge_progress", ["pledge_id", "quarter", "said_at"], unique=False)
    op.create_table(
        "pledge_words",
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("peer_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="whose pledge it is"),
        sa.Column(
            "word",
            sa.Enum(
                "kept", "partly", "cannot_tell", name="peerword", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.String(length=200), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(trim(sentence)) BETWEEN 1 AND 200", name=op.f("ck_pledge_words_sentence_not_blank")),
        sa.CheckConstraint("peer_id <> member_id", name=op.f("ck_pledge_words_not_about_oneself")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pledge_words_member_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["members.id"], name=op.f("fk_pledge_words_peer_id")),
        sa.ForeignKeyConstraint(
            ["pledge_id", "member_id"], ["pledges.id", "pledges.member_id"], name="fk_pledge_words_owner"
        ),
        sa.PrimaryKeyConstraint("pledge_id", "peer_id", name=op.f("pk_pledge_words")),
    )
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; triggers go with their tables."""
    op.drop_table("pledge_words")
    op.drop_table("pledge_progress")
    op.drop_table("pledge_outcomes")
    op.drop_table("pledges")
    op.drop_table("pledge_suggestions")
    op.drop_table("pledge_settings")
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_change_of_submitted()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

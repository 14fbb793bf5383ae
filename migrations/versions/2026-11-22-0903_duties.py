"""Duty lists, their progress and how they ended.

Revision: 0006, after 0005.

Hand-overs, changes, progress and reported ends are history: triggers let nobody change or remove a row.
SQLite's ``INSERT OR REPLACE`` deletes without asking the delete trigger, so there an insert is watched as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("duty_hand_overs", "duty_changes", "duty_progress", "duty_outcomes")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="who has it first; see duty_hand_overs"),
        sa.Column(
            "kind",
            sa.Enum("work", "party", name="dutykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("matter", sa.String(length=100), nullable=False),
        sa.Column("basis", sa.String(length=120), nullable=True, comment="the document or plan it comes from"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="branch-local day; its changes stand in duty_changes"),
        sa.Column(
            "source",
            sa.Enum(
                "assigned",
                "taken",
                "imported",
                "repeated",
                name="dutysource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "repeat",
            sa.Enum(
                "none",
                "monthly",
                "quarterly",
                "yearly",
                name="repeat",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("series_id", sa.Uuid(), nullable=False, comment="the first of its series, often itself"),
        sa.Column("series_place", sa.BigInteger(), nullable=False, comment="from 0; the constraint makes each once"),
        sa.Column("anchored_on", sa.Date(), nullable=False, comment="due day of the first of the series"),
        sa.Column("made_by_id", sa.Uuid(), nullable=False, comment="of a repeated one: who made the first"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True, comment="why and by whom: duty_changes"),
        sa.CheckConstraint("(series_place = 0) = (series_id = id)", name=op.f("ck_duties_first_names_the_series")),
        sa.CheckConstraint("length(trim(basis)) BETWEEN 1 AND 120", name=op.f("ck_duties_basis_not_blank")),
        sa.CheckConstraint("length(trim(matter)) BETWEEN 1 AND 100", name=op.f("ck_duties_has_matter")),
        sa.CheckConstraint("series_place >= 0", name=op.f("ck_duties_place_from_zero")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_duties_branch_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["members.id"], name=op.f("fk_duties_made_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_duties_member_id")),
        sa.ForeignKeyConstraint(["series_id"], ["duties.id"], name=op.f("fk_duties_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("series_id", "series_place", name="uq_duties_once_in_series"),
    )
    op.create_index("ix_duties_branch", "duties", ["branch_id", "due_on"], unique=False)
    op.create_index("ix_duties_member", "duties", ["member_id", "due_on"], unique=False)
    op.create_table(
        "duty_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False, comment="the row of headings, tables.Header"),
        sa.Column("rows", sa.JSON(), nullable=False, comment="tables.Row of each row about a duty"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True, comment="imports.uploads.Outcome"),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_duty_uploads_outcome_iff_confirmed")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_duty_uploads_branch_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_duty_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_uploads")),
    )
    op.create_index("ix_duty_uploads_uploaded_at", "duty_uploads", ["uploaded_at"], unique=False)
    op.create_table(
        "duty_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "due_on",
                "repeat",
                "helpers",
                "cancelled",
                "restored",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.String(length=200), nullable=True, comment="a day in ISO form, a word, or names"),
        sa.Column("after", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'cancelled' OR reason IS NOT NULL", name=op.f("ck_duty_changes_cancelled_for_a_reason")
        ),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 200", name=op.f("ck_duty_changes_reason_not_blank")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_changes_duty_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_duty_changes_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_changes")),
    )
    op.create_index("ix_duty_changes_duty", "duty_changes", ["duty_id", "id"], unique=False)
    op.create_table(
        "duty_hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="its last day; NULL: for good"),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_duty_hand_overs_ends_after_start")),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 200", name=op.f("ck_duty_hand_overs_reason_not_blank")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_hand_overs_duty_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_duty_hand_overs_recorded_by_id")),
        sa.ForeignKeyConstraint(["to_id"], ["members.id"], name=op.f("fk_duty_hand_overs_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_hand_overs")),
    )
    op.create_index("ix_duty_hand_overs_duty", "duty_hand_overs", ["duty_id", "id"], unique=False)
    op.create_index("ix_duty_hand_overs_to", "duty_hand_overs", ["to_id"], unique=False)
    op.create_table(
        "duty_helpers",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_helpers_duty_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_duty_helpers_member_id")),
        sa.PrimaryKeyConstraint("duty_id", "member_id", name=op.f("pk_duty_helpers")),
    )
    op.create_index("ix_duty_helpers_member", "duty_helpers", ["member_id"], unique=False)
    op.create_table(
        "duty_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column(
            "attempt",
            sa.BigInteger(),
            nullable=False,
            comment="goes up only when the one before was returned or withdrawn",
        ),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="who was responsible on ended_on"),
        sa.Column(
            "result",
            sa.Enum(
                "done", "not_done", "objective", name="result", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.String(length=200), nullable=True),
        sa.Column(
            "ended_on", sa.Date(), nullable=False, comment="the day it was done, else its due day; the fact's day"
        ),
        sa.Column("due_on", sa.Date(), nullable=False, comment="as it stood when the end was reported"),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "result <> 'objective' OR sentence IS NOT NULL", name=op.f("ck_duty_outcomes_objective_has_reason")
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_duty_outcomes_attempt_from_one")),
        sa.CheckConstraint(
            "length(trim(sentence)) BETWEEN 1 AND 200", name=op.f("ck_duty_outcomes_sentence_not_blank")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_outcomes_duty_id")),
        sa.ForeignKeyConstraint(["id"], ["reviews.id"], name=op.f("fk_duty_outcomes_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_duty_outcomes_member_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_duty_outcomes_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_outcomes")),
        sa.UniqueConstraint("duty_id", "attempt", name="uq_duty_outcomes_one_at_a_time"),
    )
    op.create_index("ix_duty_outcomes_member", "duty_outcomes", ["member_id", "ended_on"], unique=False)
    op.create_table(
        "duty_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="who was responsible on that day"),
        sa.Column(
            "state",
            sa.Enum("started", "in_difficulty", name="progress", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column(
            "said_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="corrected by the measured error of the phone's clock",
        ),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(trim(note)) BETWEEN 1 AND 200", name=op.f("ck_duty_progress_note_not_blank")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_progress_duty_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_duty_progress_member_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_duty_progress_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_progress")),
    )
    op.create_index("ix_duty_progress_duty", "duty_progress", ["duty_id", "said_at"], unique=False)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        for statement in _sqlite_triggers(table) if is_sqlite else _postgresql_triggers(table):
            op.execute(statement)


def downgrade() -> None:
    """Take it back; the triggers go with their tables."""
    op.drop_table("duty_progress")
    op.drop_table("duty_outcomes")
    op.drop_table("duty_helpers")
    op.drop_table("duty_hand_overs")
    op.drop_table("duty_changes")
    op.drop_table("duty_uploads")
    op.drop_table("duties")


def _sqlite_triggers(table: str) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 (our own names)
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_overwrite BEFORE INSERT ON {table} WHEN {there} {refuse}",
    )


def _postgresql_triggers(table: str) -> tuple[str, ...]:
    """``refuse_change`` is there since revision 0002."""
    return (
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    )

"""Banks of questions, quizzes and what was answered.

Revision: 0055, after 0054.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "bank_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_id", sa.Uuid(), nullable=False, comment="the branch or committee that keeps it"),
        sa.Column("first_id", sa.Uuid(), nullable=False, comment="the first version of this question; itself there"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False, comment="neither replaced nor taken out of the bank"),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true_false",
                name="questiontype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stem", sa.String(length=500), nullable=False),
        sa.Column("stem_key", sa.String(length=64), nullable=False, comment="questions.stem_key"),
        sa.Column("options", sa.JSON(), nullable=False, comment="A, B, …; of right or wrong none"),
        sa.Column("key", sa.String(length=8), nullable=False, comment="letters in order, or T or F"),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("tag", sa.String(length=30), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) > 0", name=op.f("ck_bank_questions_has_key")),
        sa.CheckConstraint("length(trim(stem)) > 0", name=op.f("ck_bank_questions_has_stem")),
        sa.CheckConstraint("points BETWEEN 1 AND 20", name=op.f("ck_bank_questions_points_in_range")),
        sa.CheckConstraint("version > 0", name=op.f("ck_bank_questions_version_from_one")),
        sa.ForeignKeyConstraint(["bank_id"], ["organisations.id"], name=op.f("fk_bank_questions_bank_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_bank_questions_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_questions")),
    )
    op.create_index(
        "uq_bank_questions_stem",
        "bank_questions",
        ["bank_id", "stem_key"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_index("uq_bank_questions_version", "bank_questions", ["first_id", "version"], unique=True)

    op.create_table(
        "quizzes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("take", sa.BigInteger(), nullable=True, comment="drawn for each attempt; NULL: all, in their order"),
        sa.Column(
            "seed",
            sa.String(length=64),
            nullable=False,
            comment="random; whoever took part reads it once it has closed",
        ),
        sa.Column("line", sa.BigInteger(), nullable=False, comment="percent"),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("half", sa.Boolean(), nullable=False, comment="a part of several right answers is half"),
        sa.Column(
            "shows",
            sa.Enum(
                "after_closing", "after_each", name="showanswers", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "vouched_by_id", sa.Uuid(), nullable=True, comment="since then those who made it have their passes, too"
        ),
        sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(vouched_by_id IS NULL) = (vouched_at IS NULL)", name=op.f("ck_quizzes_vouched_by_somebody")
        ),
        sa.CheckConstraint("attempts BETWEEN 1 AND 10", name=op.f("ck_quizzes_attempts_in_range")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_quizzes_closes_after_opening")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_quizzes_has_title")),
        sa.CheckConstraint("line BETWEEN 50 AND 100", name=op.f("ck_quizzes_line_in_range")),
        sa.CheckConstraint("take > 0", name=op.f("ck_quizzes_takes_some")),
        sa.CheckConstraint("vouched_by_id <> planned_by_id", name=op.f("ck_quizzes_vouched_by_another")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_quizzes_branch_id")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["members.id"], name=op.f("fk_quizzes_planned_by_id")),
        sa.ForeignKeyConstraint(["vouched_by_id"], ["members.id"], name=op.f("fk_quizzes_vouched_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes")),
    )
    op.create_index("ix_quizzes_branch", "quizzes", ["branch_id", "closes_at"], unique=False)

    op.create_table(
        "quiz_attempts",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made on the phone or with the page"),
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="the member's when it arrived"),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="of the signed set, from 1"),
        sa.Column("answers", sa.JSON(), nullable=False, comment="letters by the id of the question, in its order"),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False, comment="by our clock"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False, comment="false: practice"),
        sa.Column("is_late", sa.Boolean(), nullable=False, comment="made in time, received after closing"),
        sa.Column("score", sa.BigInteger(), nullable=False, comment="hundredths of a point"),
        sa.Column("total", sa.BigInteger(), nullable=False, comment="hundredths of a point"),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_quiz_attempts_number_from_one")),
        sa.CheckConstraint("score BETWEEN 0 AND total", name=op.f("ck_quiz_attempts_score_in_range")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_quiz_attempts_branch_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_quiz_attempts_member_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_attempts_quiz_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempts")),
    )
    op.create_index("ix_quiz_attempts_member", "quiz_attempts", ["member_id", "quiz_id"], unique=False)
    op.create_index(
        "uq_quiz_attempts_number",
        "quiz_attempts",
        ["quiz_id", "member_id", "number"],
        unique=True,
        sqlite_where=sa.text("counts"),
        postgresql_where=sa.text("counts"),
    )

    op.create_table(
        "quiz_questions",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "is_drawn", sa.Boolean(), nullable=False, comment="neither replaced by a later version nor withdrawn"
        ),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True, comment="it was faulty"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_by_id IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_quiz_questions_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["bank_questions.id"], name=op.f("fk_quiz_questions_question_id")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_questions_quiz_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["members.id"], name=op.f("fk_quiz_questions_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("quiz_id", "question_id", name=op.f("pk_quiz_questions")),
    )
    op.create_index("ix_quiz_questions_question", "quiz_questions", ["question_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table in ("quiz_questions", "quiz_attempts", "quizzes", "bank_questions"):
        op.drop_table(table)

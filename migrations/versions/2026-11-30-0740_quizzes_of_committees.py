"""A quiz asks branches, and may be a committee's; the passes of who knew its keys wait for an officer as records do.

Revision: 0060, after 0059.
"""

import re
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_KIND = "study.quiz_pass"
_PASSES = sa.text(
    "SELECT a.id, a.quiz_id, a.member_id, a.branch_id, a.corrected_at, a.received_at, q.title "
    "FROM quiz_attempts a JOIN quizzes q ON q.id = a.quiz_id "
    "WHERE a.counts AND a.passed AND q.vouched_at IS NULL AND (q.planned_by_id = a.member_id OR EXISTS ("
    "SELECT 1 FROM quiz_questions r JOIN bank_questions b ON b.id = r.question_id WHERE r.quiz_id = q.id "
    "AND (b.entered_by_id = a.member_id OR r.withdrawn_by_id = a.member_id))) ORDER BY a.corrected_at, a.id"
).columns(
    *(sa.column(name, sa.Uuid()) for name in ("id", "quiz_id", "member_id", "branch_id")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("corrected_at", "received_at")),
    sa.column("title", sa.String()),
)
_REVIEWS = sa.table(
    "reviews",
    *(sa.column(name, sa.Uuid()) for name in ("id", "branch_id", "member_id", "recorded_by_id")),
    *(sa.column(name, sa.String()) for name in ("kind", "title", "flags", "status")),
    sa.column("detail", sa.JSON()),
    sa.column("occurred_on", sa.Date()),
    sa.column("submitted_at", sa.DateTime(timezone=True)),
    sa.column("round", sa.BigInteger()),
)


def upgrade() -> None:
    """Make the change."""
    _let_wait()
    op.drop_index("ix_quizzes_branch", "quizzes")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_quizzes()
    else:
        op.drop_column("quizzes", "vouched_by_id")
        op.drop_column("quizzes", "vouched_at")
        op.alter_column(
            "quizzes", "branch_id", new_column_name="organisation_id", comment="the branch or committee of it"
        )
        op.execute("ALTER TABLE quizzes RENAME CONSTRAINT fk_quizzes_branch_id TO fk_quizzes_organisation_id")
    op.create_index("ix_quizzes_organisation", "quizzes", ["organisation_id", "closes_at"])
    op.drop_index("ix_quiz_attempts_quiz", "quiz_attempts")
    op.create_index("ix_quiz_attempts_quiz", "quiz_attempts", ["quiz_id", "branch_id", "member_id"])
    op.create_table(
        "quiz_branches",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_quiz_branches_branch_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_branches_quiz_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("quiz_id", "branch_id", name=op.f("pk_quiz_branches")),
    )
    op.create_index("ix_quiz_branches_branch", "quiz_branches", ["branch_id", "quiz_id"])
    op.execute("INSERT INTO quiz_branches (quiz_id, branch_id) SELECT id, organisation_id FROM quizzes")


def _let_wait() -> None:
    """Put the passes that waited for another officer into the queue; who stands there waits already."""
    connection = op.get_bind()
    waiting = set(connection.scalars(sa.select(_REVIEWS.c.id).where(_REVIEWS.c.kind == _KIND)))
    known = set(connection.scalars(sa.text("SELECT source_id FROM facts WHERE source = 'study.quiz'")))
    first = {f"{_uuid(row.quiz_id)}:{_uuid(row.member_id)}": row for row in reversed(connection.execute(_PASSES).all())}
    for name, row in first.items():
        if name not in known and row.id not in waiting:
            values = {
                "id": row.id,
                "kind": _KIND,
                "branch_id": row.branch_id,
                "member_id": row.member_id,
                "recorded_by_id": row.member_id,
                "title": row.title,
                "detail": {},
                "occurred_on": _day(row.corrected_at),
                "submitted_at": row.received_at,
                "flags": "",
                "status": "pending",
                "round": 1,
            }
            connection.execute(_REVIEWS.insert().values(values))


def _uuid(value: UUID) -> str:
    return str(value)


def _day(at: datetime) -> object:
    return at.astimezone(ZoneInfo("Asia/Shanghai")).date()


def _rebuild_quizzes() -> None:
    """SQLite drops no column that a constraint names: the table is made anew, and with it those that point to it."""
    connection = op.get_bind()
    tables = ("quiz_questions", "quiz_attempts", "quizzes")
    made = {
        name: connection.scalars(
            sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY type DESC"),
            {"name": name},
        ).all()
        for name in tables
    }
    for name in tables:
        op.execute(f"CREATE TABLE kept_{name} AS SELECT * FROM {name}")  # noqa: S608 (our own names)
    op.execute("ALTER TABLE kept_quizzes RENAME COLUMN branch_id TO organisation_id")
    op.execute("ALTER TABLE kept_quizzes DROP COLUMN vouched_by_id")
    op.execute("ALTER TABLE kept_quizzes DROP COLUMN vouched_at")
    for name in tables:
        op.drop_table(name)
    for name in reversed(tables):
        for statement in made[name]:
            op.execute(_without_vouching(statement) if name == "quizzes" else statement)
        columns = ", ".join(column["name"] for column in sa.inspect(connection).get_columns(name))
        op.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM kept_{name}")  # noqa: S608
        op.drop_table(f"kept_{name}")


def _without_vouching(statement: str) -> str:
    lines = [line for line in statement.splitlines() if "vouched" not in line]
    text = re.sub(r",(\s*\))$", r"\1", "\n".join(lines))
    return text.replace("fk_quizzes_branch_id", "fk_quizzes_organisation_id").replace("branch_id", "organisation_id")


def downgrade() -> None:
    """Take it back: who waits goes on waiting in the queue, and what a committee gave is gone."""
    op.drop_table("quiz_branches")
    op.drop_index("ix_quiz_attempts_quiz", "quiz_attempts")
    op.create_index("ix_quiz_attempts_quiz", "quiz_attempts", ["quiz_id", "member_id"])
    op.drop_index("ix_quizzes_organisation", "quizzes")
    op.execute("ALTER TABLE quizzes RENAME COLUMN organisation_id TO branch_id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE quizzes RENAME CONSTRAINT fk_quizzes_organisation_id TO fk_quizzes_branch_id")
    op.add_column("quizzes", sa.Column("vouched_by_id", sa.Uuid(), nullable=True))
    op.add_column("quizzes", sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_quizzes_branch", "quizzes", ["branch_id", "closes_at"])

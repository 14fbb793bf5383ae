"""Leaves, how they ended, and what officers said about them.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TYPES = (
    "annual", "personal", "sick", "marriage", "maternity", "paternity", "bereavement", "home", "official", "training",
    "secondment", "report_only",
)  # fmt: skip
HALVES = ("am", "pm", "evening")
STANDS = "taken_back_at IS NULL"
MISSED = "ended_as IS NULL OR ended_on > due_on"
RULES = {
    "leaves": {
        "ends_after_it_begins": "first_on <= last_on",
        "halves_in_their_order": "first_on < last_on OR first_half = last_half OR first_half = 'am' OR last_half = 'evening'",
        "destination_not_blank": "length(trim(destination)) BETWEEN 1 AND 20",
        "stand_in_not_blank": "length(trim(stand_in)) BETWEEN 1 AND 40",
        "approved_by_not_blank": "length(trim(approved_by)) BETWEEN 1 AND 40",
        "names_who_approved_elsewhere": "approved_by IS NULL OR approval = 'elsewhere'",
        "due_after_the_end": "due_on > last_on",
        "day_iff_ended": "(ended_as IS NULL) = (ended_on IS NULL)",
        "by_whom_iff_ended": "(ended_as IS NULL) = (ended_by_id IS NULL)",
        "return_iff_closed": "(ended_as IS NOT NULL AND ended_as = 'closed') = (returned_on IS NOT NULL)",
        "returned_before_it_was_closed": "returned_on BETWEEN first_on AND ended_on",
        "extends_another": "extends_id <> id",
    },
    "leave_findings": {
        "of_a_leave_iff_reported": "(finding = 'unreported') = (leave_id IS NULL)",
        "only_what_is_suggested_is_waived": "finding = 'unclosed' OR verdict = 'confirmed'",
        "not_about_oneself": "said_by_id <> member_id",
        "not_taken_back_by_oneself": "taken_back_by_id <> member_id",
        "by_whom_iff_taken_back": "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)",
    },
}


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _constraints(table: str, **references: str) -> tuple[sa.Constraint, ...]:
    return (
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in RULES[table].items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "leaves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("leave", _word("leavetype", *TYPES), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column("first_half", _word("first_half", *HALVES), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False, comment="its last day, inclusive"),
        sa.Column("last_half", _word("last_half", *HALVES), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=True, comment="a city, never an address"),
        sa.Column("stand_in", sa.String(length=40), nullable=True, comment="who takes the work over"),
        sa.Column("approval", _word("approval", "elsewhere", "here"), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True, comment="who, or the number of the paper"),
        sa.Column("extends_id", sa.Uuid(), nullable=True, comment="whose days it has, and more"),
        sa.Column(
            "due_on", sa.Date(), nullable=True, comment="to be closed by its end; computed once, when it is decided"
        ),
        sa.Column("ended_as", _word("end", "closed", "cancelled"), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="the day on which that was said"),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True, comment="the day somebody was back"),
        sa.Column("checks", sa.JSON(), nullable=False, comment="ticks before a trip, never facts"),
        *_constraints(
            "leaves",
            branch_id="organisations",
            ended_by_id="members",
            extends_id="leaves",
            id="reviews",
            member_id="members",
        ),
    )
    op.create_index("ix_leaves_branch", "leaves", ["branch_id", "last_on"], unique=False)
    op.create_index("ix_leaves_extends", "leaves", ["extends_id"], unique=False)
    op.create_index("ix_leaves_member", "leaves", ["member_id", "last_on"], unique=False)
    op.create_index(
        "ix_leaves_missed",
        "leaves",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text(MISSED),
        postgresql_where=sa.text(MISSED),
    )
    op.create_table(
        "leave_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("leave_id", sa.Uuid(), nullable=True, comment="NULL: away without a report"),
        sa.Column("finding", _word("finding", "unclosed", "overdue", "unreported"), nullable=False),
        sa.Column("verdict", _word("verdict", "confirmed", "waived"), nullable=False),
        sa.Column(
            "occurred_on", sa.Date(), nullable=False, comment="the fact's day: due day, day after the last, day away"
        ),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        *_constraints(
            "leave_findings",
            branch_id="organisations",
            leave_id="leaves",
            member_id="members",
            said_by_id="members",
            taken_back_by_id="members",
        ),
    )
    op.create_index("ix_leave_findings_member", "leave_findings", ["member_id", "id"], unique=False)
    for name, columns, which in (
        ("one_a_day", ["member_id", "occurred_on"], f"leave_id IS NULL AND {STANDS}"),
        ("one_stands", ["leave_id", "finding"], f"leave_id IS NOT NULL AND {STANDS}"),
    ):
        op.create_index(
            f"uq_leave_findings_{name}",
            "leave_findings",
            columns,
            unique=True,
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("leave_findings")
    op.drop_table("leaves")

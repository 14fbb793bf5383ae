"""Objections: what was said, the days that were given, and each step with its person and moment.

Revision: 0042, after 0041.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

ENDS = ("declined", "withdrawn", "accepted", "decided")
ENUM = {"native_enum": False, "create_constraint": True, "length": 40}
ONE_OF_A_FACT = sa.text("fact_id IS NOT NULL AND state <> 'withdrawn'")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="that answers"),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="1, 2, 3 … of the branch and the year"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=True, comment="NULL: the year"),
        sa.Column("about", sa.Enum("fact", "missing", "standing", name="about", **ENUM), nullable=False),
        sa.Column(
            "matter",
            sa.Enum("exempt", "probationary", "transfer", name="matter", **ENUM),
            nullable=True,
            comment="which standing",
        ),
        sa.Column("fact_id", sa.Uuid(), nullable=True),
        sa.Column("rule_id", sa.String(length=4), nullable=True, comment="the line of the sheet"),
        sa.Column("day", sa.Date(), nullable=True, comment="of what is missing, as the member says"),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "late",
                "declined",
                "filed",
                "withdrawn",
                "answered",
                "accepted",
                "escalated",
                "decided",
                name="state",
                **ENUM,
            ),
            nullable=False,
        ),
        sa.Column(
            "is_late", sa.Boolean(), nullable=False, comment="filed after the last day of the publicity's objections"
        ),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True, comment="last day of the branch; NULL while a late one waits"),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_because", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Enum("upheld", "partly", "refused", name="outcome", **ENUM), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalate_until", sa.Date(), nullable=True, comment="last day to take the answer further"),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True, comment="last day of the committee"),
        sa.Column("decision", sa.Enum("upheld", "partly", "refused", name="decision", **ENUM), nullable=True),
        sa.Column("decision_reasons", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="withdrawn or accepted by the member"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_objections_{name}"))
            for name, rule in {
                "fact_iff_about_one": "(about = 'fact') = (fact_id IS NOT NULL)",
                "matter_iff_about_standing": "(about = 'standing') = (matter IS NOT NULL)",
                "decided_iff_state": "(state = 'decided') = (decision IS NOT NULL)",
                "declined_with_reasons": "(state = 'declined') = (declined_because IS NOT NULL)",
                "escalated_iff_state": "(state IN ('escalated', 'decided')) = (escalated_at IS NOT NULL)",
                "ended_iff_by_member": "(state IN ('withdrawn', 'accepted')) = (ended_at IS NOT NULL)",
                "late_days_from_taking_up": "NOT is_late OR state = 'declined' OR (taken_by_id IS NULL) = (answer_by IS NULL)",
                "facts_have_a_line": "about = 'standing' OR rule_id IS NOT NULL",
                "answer_by_unless_late": "answer_by IS NOT NULL OR state IN ('late', 'declined', 'withdrawn')",
                "taken_if_late": "is_late OR (taken_by_id IS NULL AND state NOT IN ('late', 'declined'))",
                "declined_by_somebody": "state <> 'declined' OR (taken_by_id IS NOT NULL AND answer_by IS NULL)",
                "answered_is_answered": "state NOT IN ('answered', 'accepted') OR outcome IS NOT NULL",
                "open_is_not_answered": "state NOT IN ('late', 'declined', 'filed', 'withdrawn') OR outcome IS NULL",
                "decided_at_a_moment": "(decision IS NULL) = (decided_at IS NULL)",
                "decided_by_somebody": "(decision IS NULL) = (decided_by_id IS NULL)",
                "decided_with_reasons": "(decision IS NULL) = (decision_reasons IS NULL)",
                "decide_by_iff_escalated": "(escalated_at IS NULL) = (decide_by IS NULL)",
                "answered_at_a_moment": "(outcome IS NULL) = (answered_at IS NULL)",
                "answered_by_somebody": "(outcome IS NULL) = (answered_by_id IS NULL)",
                "escalate_until_iff_answered": "(outcome IS NULL) = (escalate_until IS NULL)",
                "answered_with_reasons": "(outcome IS NULL) = (reasons IS NULL)",
                "taken_at_iff_taken": "(taken_by_id IS NULL) = (taken_at IS NULL)",
                "not_answered_by_oneself": "answered_by_id <> member_id",
                "decided_by_another": "decided_by_id <> answered_by_id",
                "not_decided_by_oneself": "decided_by_id <> member_id",
                "decision_reasons_have_words": "length(trim(decision_reasons)) BETWEEN 1 AND 500",
                "declined_because_has_words": "length(trim(declined_because)) BETWEEN 1 AND 500",
                "reasons_have_words": "length(trim(reasons)) BETWEEN 1 AND 500",
                "has_words": "length(trim(words)) BETWEEN 1 AND 500",
                "number_from_one": "number > 0",
                "quarter_of_four": "quarter BETWEEN 1 AND 4",
                "not_taken_up_by_oneself": "taken_by_id <> member_id",
                "year_plausible": "year BETWEEN 2000 AND 2999",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_objections_{column}"))
            for column, table in {
                "answered_by_id": "members",
                "branch_id": "organisations",
                "decided_by_id": "members",
                "fact_id": "facts",
                "member_id": "members",
                "taken_by_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("branch_id", "year", "number", name="uq_objections_number"),
    )
    op.create_index("ix_objections_member", "objections", ["member_id", "year"])
    op.create_index("ix_objections_state", "objections", ["state", "branch_id"])
    op.create_index(
        "uq_objections_one_of_a_fact",
        "objections",
        ["fact_id"],
        unique=True,
        sqlite_where=ONE_OF_A_FACT,
        postgresql_where=ONE_OF_A_FACT,
    )
    triggers.final(op, "objections", "state", ENDS)


def downgrade() -> None:
    """Take it back."""
    triggers.drop_final(op, "objections", "state")
    op.drop_table("objections")

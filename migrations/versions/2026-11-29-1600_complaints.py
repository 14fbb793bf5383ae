"""Opinions and complaints: what came, who answers by when, and the answer, which stays as it is.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ENDS = ("answered", "withdrawn")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False, comment="of no time: it tells nobody the hour"),
        sa.Column("place_id", sa.Uuid(), nullable=False, comment="who answers"),
        sa.Column("sender_id", sa.Uuid(), nullable=True, comment="NULL: not signed"),
        sa.Column("receipt_digest", sa.String(length=64), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True, comment="does not read or answer it"),
        sa.Column("line_year", sa.BigInteger(), nullable=True, comment="of the sheet whose line is asked about"),
        sa.Column("line_rule", sa.String(length=4), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the last day for the answer"),
        sa.Column(
            "state",
            sa.Enum("waiting", *ENDS, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="answered or taken back"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_complaints_{name}"))
            for name, rule in {
                "signed_or_by_receipt": "(sender_id IS NULL) = (receipt_digest IS NOT NULL)",
                "not_about_its_sender": "about_id <> sender_id",
                "a_whole_line": "(line_year IS NULL) = (line_rule IS NULL)",
                "answered_in_words": "(state = 'answered') = (answer IS NOT NULL)",
                "answered_by_somebody": "(state = 'answered') = (answered_by_id IS NOT NULL)",
                "ended_iff_over": "(state = 'waiting') = (ended_on IS NULL)",
                "nothing_kept_of_what_was_taken_back": "(state = 'withdrawn') = (length(said) = 0)",
                "not_answered_by_its_sender": "answered_by_id <> sender_id",
                "not_answered_by_whom_it_is_about": "answered_by_id <> about_id",
                "due_later": "due_on > sent_on",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_complaints_{column}"))
            for column, table in {
                "about_id": "members",
                "answered_by_id": "members",
                "place_id": "organisations",
                "sender_id": "members",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("receipt_digest", name="uq_complaints_receipt"),
    )
    for name, columns in {
        "place": ["place_id", "state", "due_on"],
        "sender": ["sender_id", "sent_on"],
        "state": ["state", "ended_on"],
    }.items():
        op.create_index(f"ix_complaints_{name}", "complaints", columns, unique=False)
    triggers.final(op, "complaints", "state", ENDS)


def downgrade() -> None:
    """Take it back."""
    triggers.drop_final(op, "complaints", "state")
    op.drop_table("complaints")

"""Rights that rest, and people left out at one meeting: one person enters it, another confirms.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

HOLDS, WAITS = "stands <> 'declined'", "stands = 'waiting'"
OF_TWO = {
    "not_about_oneself": "entered_by_id <> member_id",
    "decided_by_another": "decided_by_id NOT IN (member_id, entered_by_id)",
    "decided_by_iff_decided": "(stands = 'waiting') = (decided_by_id IS NULL)",
    "decided_at_iff_decided": "(decided_by_id IS NULL) = (decided_at IS NULL)",
}
RULES = {
    "suspensions": {
        "ends_after_start": "ends_on >= starts_on",
        "replaces_another": "replaces_id <> id",
        "has_document": "length(trim(document)) BETWEEN 1 AND 60",
    },
    "left_out": {"has_consent": "length(trim(consent)) BETWEEN 1 AND 60"},
}


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _of_two_people(table: str, **references: str) -> tuple[sa.schema.SchemaItem, ...]:
    names = {"member_id": "members", "entered_by_id": "members", "decided_by_id": "members", **references}
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("stands", _word("stands", "waiting", "confirmed", "declined"), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
            for name, rule in {**OF_TWO, **RULES[table]}.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in names.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _once(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "suspensions",
        sa.Column("rests", _word("rests", "probation", "suspended"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="its last day"),
        sa.Column("document", sa.String(length=60), nullable=False, comment="number of the decision"),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        *_of_two_people("suspensions", replaces_id="suspensions"),
    )
    op.create_index("ix_suspensions_member_id", "suspensions", ["member_id", "starts_on"], unique=False)
    _once("uq_suspensions_one_waits", "suspensions", ["member_id"], WAITS)
    _once("uq_suspensions_replaced_once", "suspensions", ["replaces_id"], HOLDS)
    op.create_table(
        "left_out",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("reason", _word("reason", *"123456"), nullable=False),
        sa.Column("consent", sa.String(length=60), nullable=False, comment="number of the superior's consent"),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False, comment="the meeting took it over"),
        *_of_two_people("left_out", event_id="meeting_events"),
    )
    op.create_index("ix_left_out_member_id", "left_out", ["member_id"], unique=False)
    _once("uq_left_out_once", "left_out", ["event_id", "member_id"], HOLDS)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("left_out")
    op.drop_table("suspensions")

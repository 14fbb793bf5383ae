"""The table of a kind of record, of which only the own columns and their constraints differ (``records/models.py``)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem


def create_records(table: str, *own: SchemaItem) -> None:
    """Make ``table`` with the title and these columns and CHECKs of its ``own``."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        *(one for one in own if isinstance(one, sa.Column)),
        sa.Column(
            "occurred_on", sa.Date(), nullable=False, comment="branch-local day, never after the one it arrived on"
        ),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="corrected by the measured error of the phone's clock",
        ),
        sa.Column(
            "device_time",
            sa.String(length=40),
            nullable=False,
            comment="the phone's own words for it, kept exactly",
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_offline", sa.Boolean(), nullable=False),
        *(one for one in own if not isinstance(one, sa.Column)),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 120", name=op.f(f"ck_{table}_has_title")),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in {"id": "reviews", "branch_id": "organisations", "member_id": "members"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_member", table, ["member_id", "occurred_on"])

"""What was changed about duties, pairings and texts of wishes stands in one history.

Revision: 0013, after 0012.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from migrations.triggers import append_only, drop_append_only

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
EVENTS = sa.table(
    "events",
    sa.column("id", sa.Uuid()),
    sa.column("subject", sa.String()),
    sa.column("subject_id", sa.Uuid()),
    sa.column("step", sa.String()),
    sa.column("at", _MOMENT),
    sa.column("by_id", sa.Uuid()),
    sa.column("note", sa.String()),
    sa.column("detail", sa.JSON()),
)
DUTIES = sa.table(
    "duty_changes",
    sa.column("id", sa.Uuid()),
    sa.column("duty_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("before", sa.String()),
    sa.column("after", sa.String()),
    sa.column("reason", sa.String()),
    sa.column("recorded_by_id", sa.Uuid()),
    sa.column("recorded_at", _MOMENT),
)
PAIRINGS = sa.table(
    "pairing_changes",
    sa.column("id", sa.Uuid()),
    sa.column("at", _MOMENT),
    sa.column("actor_id", sa.Uuid()),
    sa.column("community_id", sa.Uuid()),
    sa.column("branch_id", sa.Uuid()),
    sa.column("change", sa.String()),
)
CORRECTIONS = sa.table(
    "wish_corrections",
    sa.column("id", sa.Uuid()),
    sa.column("wish_id", sa.Uuid()),
    sa.column("at", _MOMENT),
    sa.column("by_id", sa.Uuid()),
    sa.column("fields", sa.JSON()),
)
PORTION = 500


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False, comment="in the order of time"),
        sa.Column(
            "subject", sa.String(length=32), nullable=False, comment="what kind of thing: duty, community, wish …"
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False, comment="the thing"),
        sa.Column("step", sa.String(length=32), nullable=False, comment="a word of the stream's own"),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="NULL: time, or a command on the server"),
        sa.Column("note", sa.String(length=300), nullable=True, comment="a sentence somebody added"),
        sa.Column("detail", sa.JSON(), nullable=False, comment="what the words of the step need: before, after …"),
        sa.CheckConstraint("length(subject) > 0 AND length(step) > 0", name=op.f("ck_events_says_what_and_which")),
        sa.CheckConstraint("step <> 'cancelled' OR note IS NOT NULL", name=op.f("ck_events_cancelled_for_a_reason")),
        sa.CheckConstraint("length(trim(note)) BETWEEN 1 AND 300", name=op.f("ck_events_note_not_blank")),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_events_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_subject", "events", ["subject_id", "id"])
    op.create_index("ix_events_by", "events", ["by_id", "id"])
    _copy(DUTIES, EVENTS, _from_duty)
    _copy(PAIRINGS, EVENTS, _from_pairing)
    _copy(CORRECTIONS, EVENTS, _from_correction)
    append_only(op, "events")
    for table in (DUTIES, PAIRINGS, CORRECTIONS):
        op.drop_table(table.name)
    _say("events")


def downgrade() -> None:
    """Take it back."""
    _words = ("due_on", "repeat", "helpers", "cancelled", "restored")
    op.create_table(
        "duty_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("changekind", *_words), nullable=False),
        sa.Column("before", sa.String(length=200), nullable=True, comment="a day in ISO form, a word, or names"),
        sa.Column("after", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind <> 'cancelled' OR reason IS NOT NULL", name=op.f("ck_duty_changes_cancelled_for_a_reason")
        ),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 200", name=op.f("ck_duty_changes_reason_not_blank")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_changes_duty_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_duty_changes_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_changes")),
    )
    op.create_index("ix_duty_changes_duty", "duty_changes", ["duty_id", "id"])
    op.create_table(
        "pairing_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True, comment="NULL: a command on the server"),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("change", _enum("pairingchangekind", "paired", "leads", "ended"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_pairing_changes_actor_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_pairing_changes_branch_id")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_pairing_changes_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_changes")),
    )
    op.create_index("ix_pairing_changes_community", "pairing_changes", ["community_id", "id"])
    op.create_table(
        "wish_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False, comment="which ones changed; neither the old nor the new words"),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_wish_corrections_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_corrections_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_corrections")),
    )
    op.create_index("ix_wish_corrections_wish", "wish_corrections", ["wish_id", "id"])
    _copy(EVENTS, DUTIES, _to_duty, "duty")
    _copy(EVENTS, PAIRINGS, _to_pairing, "community")
    _copy(EVENTS, CORRECTIONS, _to_correction, "wish")
    for table in (DUTIES, PAIRINGS, CORRECTIONS):
        append_only(op, table.name)
    drop_append_only(op, "events")
    op.drop_table("events")
    _say("duty_changes")


def _say(table: str) -> None:
    """Where a duty's changes stand, as comments of its columns; SQLite keeps none."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN duties.due_on IS 'branch-local day; its changes stand in {table}'")
        op.execute(f"COMMENT ON COLUMN duties.cancelled_at IS 'why and by whom: {table}'")


def _copy(source: sa.TableClause, target: sa.TableClause, turn: Any, subject: str = "") -> None:
    """Every row, or those of one kind of thing, in portions."""
    asked = sa.select(source).where(source.c.subject == subject) if subject else sa.select(source)
    for rows in op.get_bind().execute(asked).partitions(PORTION):
        op.bulk_insert(target, [turn(row) for row in rows])


def _event(row: Any, subject: str, **values: Any) -> dict[str, Any]:
    return {"id": row.id, "subject": subject, "note": None, **values}


def _from_duty(row: Any) -> dict[str, Any]:
    said = {name: value for name, value in (("before", row.before), ("after", row.after)) if value is not None}
    return _event(
        row,
        "duty",
        subject_id=row.duty_id,
        step=row.kind,
        at=row.recorded_at,
        by_id=row.recorded_by_id,
        note=row.reason,
        detail=said,
    )


def _from_pairing(row: Any) -> dict[str, Any]:
    detail = {"branch_id": str(row.branch_id)}
    return _event(
        row, "community", subject_id=row.community_id, step=row.change, at=row.at, by_id=row.actor_id, detail=detail
    )


def _from_correction(row: Any) -> dict[str, Any]:
    detail = {"fields": row.fields}
    return _event(row, "wish", subject_id=row.wish_id, step="corrected", at=row.at, by_id=row.by_id, detail=detail)


def _to_duty(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "duty_id": row.subject_id,
        "kind": row.step,
        "before": row.detail.get("before"),
        "after": row.detail.get("after"),
        "reason": row.note,
        "recorded_by_id": row.by_id,
        "recorded_at": row.at,
    }


def _to_pairing(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "actor_id": row.by_id,
        "community_id": row.subject_id,
        "branch_id": UUID(row.detail["branch_id"]),
        "change": row.step,
    }


def _to_correction(row: Any) -> dict[str, Any]:
    return {"id": row.id, "wish_id": row.subject_id, "at": row.at, "by_id": row.by_id, "fields": row.detail["fields"]}


def _enum(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)

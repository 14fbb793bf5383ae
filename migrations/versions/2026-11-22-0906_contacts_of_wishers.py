"""How to reach a wisher, sealed; consents, looks, erasures and corrections stay as they are; rounds.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FINAL = {
    "wish_consents": "wish_id = NEW.wish_id AND kind = NEW.kind AND version = NEW.version",
    "contact_looks": "id = NEW.id",
    "contact_erasures": "id = NEW.id",
    "wish_corrections": "id = NEW.id",
}
"""Append-only tables, and how SQLite knows a row that an INSERT OR REPLACE would write over."""
TABLES = (
    "wish_corrections",
    "publishing_plans",
    "publishing_days",
    "contact_erasures",
    "contact_looks",
    "wish_consents",
    "wish_contacts",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "wish_contacts",
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False, comment="see core/sealing.py; bound to wish_id"),
        sa.Column("key_id", sa.String(length=16), nullable=False, comment="which key sealed it"),
        sa.Column("filled", sa.JSON(), nullable=False, comment="which fields say something; not what"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Uuid(), nullable=True, comment="NULL: the public form"),
        sa.ForeignKeyConstraint(["kept_by_id"], ["members.id"], name=op.f("fk_wish_contacts_kept_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_contacts_wish_id")),
        sa.PrimaryKeyConstraint("wish_id", name=op.f("pk_wish_contacts")),
    )
    op.create_index(op.f("ix_wish_contacts_key_id"), "wish_contacts", ["key_id"])
    op.create_table(
        "wish_consents",
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("consentkind", "ordinary", "sensitive", "guardian"), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False, comment="of the text"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True, comment="NULL: the public form"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_wish_consents_recorded_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_consents_wish_id")),
        sa.PrimaryKeyConstraint("wish_id", "kind", "version", name=op.f("pk_wish_consents")),
    )
    op.create_table(
        "contact_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", _words("capacity", "claimer", "collector", "officer"), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "(capacity = 'officer') = (reason IS NOT NULL)", name=op.f("ck_contact_looks_officers_say_why")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_contact_looks_reason_not_blank")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_contact_looks_member_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_contact_looks_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_looks")),
    )
    op.create_index(op.f("ix_contact_looks_member_id"), "contact_looks", ["member_id"])
    op.create_index("ix_contact_looks_wish", "contact_looks", ["wish_id", "id"])
    op.create_table(
        "contact_erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", _words("erasedbecause", "withdrawn", "retention", "asked"), nullable=False),
        sa.Column("fields", sa.BigInteger(), nullable=False, comment="how many were filled"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="NULL: the passing time, or the wisher"),
        sa.CheckConstraint("fields > 0", name=op.f("ck_contact_erasures_erased_something")),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_contact_erasures_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_contact_erasures_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_erasures")),
    )
    op.create_index("ix_contact_erasures_wish", "contact_erasures", ["wish_id", "id"])
    op.create_table(
        "publishing_days",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("day BETWEEN 1 AND 28", name=op.f("ck_publishing_days_in_every_month")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_publishing_days_branch_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["members.id"], name=op.f("fk_publishing_days_set_by_id")),
        sa.PrimaryKeyConstraint("branch_id", name=op.f("pk_publishing_days")),
    )
    op.create_table(
        "publishing_plans",
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["planned_by_id"], ["members.id"], name=op.f("fk_publishing_plans_planned_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_publishing_plans_wish_id")),
        sa.PrimaryKeyConstraint("wish_id", name=op.f("pk_publishing_plans")),
    )
    op.create_index(op.f("ix_publishing_plans_due_on"), "publishing_plans", ["due_on"])
    op.create_table(
        "wish_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False, comment="which ones changed; neither the old nor the new words"),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_wish_corrections_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_corrections_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_corrections")),
    )
    op.create_index("ix_wish_corrections_wish", "wish_corrections", ["wish_id", "id"])
    for table, same_row in FINAL.items():
        for statement in _on_sqlite(table, same_row) if _is_sqlite() else _on_postgresql(table):
            op.execute(statement)


def downgrade() -> None:
    """Take it back; triggers go with their tables."""
    for table in TABLES:
        op.drop_table(table)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _on_sqlite(table: str, same_row: str) -> tuple[str, ...]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refusal}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refusal}",
        f"""CREATE TRIGGER {table}_no_overwrite BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row}) {refusal}""",  # noqa: S608 (all words are ours)
    )


def _on_postgresql(table: str) -> tuple[str, ...]:
    return (
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

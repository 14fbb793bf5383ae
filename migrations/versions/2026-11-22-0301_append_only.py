"""Append-only, said to the database itself: facts and heads of the ledger, entries of the audit log.

Revision: 0002, after 0001.

SQLite's ``INSERT OR REPLACE`` deletes without asking the delete trigger, so there an insert is watched as well.
On PostgreSQL one statement trigger covers UPDATE, DELETE and TRUNCATE where the row does not matter. Audit entries
may go after twelve months (domain README §9); facts and heads never.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts
    BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END""",
    """CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts
    BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END""",
    """CREATE TRIGGER facts_no_overwrite BEFORE INSERT ON facts
    WHEN EXISTS (SELECT 1 FROM facts WHERE branch_id = NEW.branch_id AND seq = NEW.seq)
      OR EXISTS (SELECT 1 FROM facts WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM facts WHERE source = NEW.source AND source_id = NEW.source_id)
      OR EXISTS (SELECT 1 FROM facts WHERE reversal_of = NEW.reversal_of)
    BEGIN SELECT RAISE(ABORT, 'facts is append-only: this row is there already'); END""",
    """CREATE TRIGGER ledger_heads_only_grow BEFORE UPDATE ON ledger_heads
    WHEN NEW.seq <= OLD.seq OR NEW.branch_id <> OLD.branch_id
    BEGIN SELECT RAISE(ABORT, 'ledger_heads only grow'); END""",
    """CREATE TRIGGER ledger_heads_no_delete BEFORE DELETE ON ledger_heads
    BEGIN SELECT RAISE(ABORT, 'ledger_heads only grow'); END""",
    """CREATE TRIGGER ledger_heads_no_overwrite BEFORE INSERT ON ledger_heads
    WHEN EXISTS (SELECT 1 FROM ledger_heads WHERE branch_id = NEW.branch_id)
    BEGIN SELECT RAISE(ABORT, 'ledger_heads only grow'); END""",
    """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END""",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
    WHEN OLD.at > datetime('now', '-12 months')
    BEGIN SELECT RAISE(ABORT, 'audit_entries are kept for twelve months'); END""",
    """CREATE TRIGGER audit_entries_no_overwrite BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only: this row is there already'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
    END $$""",
    """CREATE FUNCTION refuse_shrinking_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq <= OLD.seq OR NEW.branch_id <> OLD.branch_id THEN
            RAISE EXCEPTION USING MESSAGE = 'ledger_heads only grow', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_heads_no_delete BEFORE DELETE OR TRUNCATE ON ledger_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_heads_only_grow BEFORE UPDATE ON ledger_heads
    FOR EACH ROW EXECUTE FUNCTION refuse_shrinking_head()""",
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = 'audit_entries is append-only', ERRCODE = 'restrict_violation';
    END $$""",
    """CREATE FUNCTION refuse_early_audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.at > now() - interval '12 months' THEN
            RAISE EXCEPTION USING MESSAGE = 'audit_entries are kept for twelve months', ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END $$""",
    """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    """CREATE TRIGGER audit_entries_no_early_delete BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_early_audit_delete()""",
)
UNDO_SQLITE = (
    "DROP TRIGGER facts_no_update",
    "DROP TRIGGER facts_no_delete",
    "DROP TRIGGER facts_no_overwrite",
    "DROP TRIGGER ledger_heads_only_grow",
    "DROP TRIGGER ledger_heads_no_delete",
    "DROP TRIGGER ledger_heads_no_overwrite",
    "DROP TRIGGER audit_entries_no_update",
    "DROP TRIGGER audit_entries_no_delete",
    "DROP TRIGGER audit_entries_no_overwrite",
)
UNDO_POSTGRESQL = (
    "DROP TRIGGER facts_append_only ON facts",
    "DROP TRIGGER ledger_heads_no_delete ON ledger_heads",
    "DROP TRIGGER ledger_heads_only_grow ON ledger_heads",
    "DROP TRIGGER audit_entries_append_only ON audit_entries",
    "DROP TRIGGER audit_entries_no_early_delete ON audit_entries",
    "DROP FUNCTION refuse_change()",
    "DROP FUNCTION refuse_shrinking_head()",
    "DROP FUNCTION refuse_audit_change()",
    "DROP FUNCTION refuse_early_audit_delete()",
)


def upgrade() -> None:
    """Make the change."""
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    for statement in UNDO_SQLITE if _is_sqlite() else UNDO_POSTGRESQL:
        op.execute(statement)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"

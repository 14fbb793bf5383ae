"""Append-only, said to the database itself. The initial migration and the tests execute these same statements.

SQLite's ``INSERT OR REPLACE`` deletes without asking the delete trigger, so there an insert is watched as well.
PostgreSQL's triggers are per statement where the row does not matter: one for UPDATE, DELETE and TRUNCATE.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SQLITE: Final = (
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
)
POSTGRESQL: Final = (
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
)
STATEMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"sqlite": SQLITE, "postgresql": POSTGRESQL})
"""By the name of SQLAlchemy's dialect; to be executed once the tables are there."""

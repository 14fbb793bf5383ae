"""The audit log is append-only for twelve months: the database itself refuses to change or shorten it.

What is older may go (domain README §9). The initial migration and the tests execute these same statements.
SQLite's ``INSERT OR REPLACE`` deletes without asking the delete trigger, so there an insert is watched as well.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SQLITE: Final = (
    """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END""",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
    WHEN OLD.at > datetime('now', '-12 months')
    BEGIN SELECT RAISE(ABORT, 'audit_entries are kept for twelve months'); END""",
    """CREATE TRIGGER audit_entries_no_overwrite BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only: this row is there already'); END""",
)
POSTGRESQL: Final = (
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
STATEMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"sqlite": SQLITE, "postgresql": POSTGRESQL})
"""By the name of SQLAlchemy's dialect; to be executed once the tables are there."""

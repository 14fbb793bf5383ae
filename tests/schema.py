"""The tables of a test database, made the way an installation makes them."""

from app.core.db import Base, Database, import_models
from app.core.schema import migrate
from app.core.settings import PROJECT_DIR
from app.features.ledger import triggers as ledger_triggers
from app.features.members import triggers as members_triggers


def create_schema(url: str) -> None:
    """Bring the empty database ``url`` to the newest schema."""
    database = Database(url)
    if any((PROJECT_DIR / "migrations" / "versions").glob("*.py")):
        migrate(database)
    else:
        import_models()
        Base.metadata.create_all(database.writer)
        with database.writer.begin() as connection:
            for triggers in (ledger_triggers, members_triggers):
                for statement in triggers.STATEMENTS[connection.dialect.name]:
                    connection.exec_driver_sql(statement)
    database.close()

"""The tables of a test database, made the way an installation makes them."""

from app.core.db import Base, Database, import_models
from app.core.schema import migrate
from app.core.settings import PROJECT_DIR


def create_schema(url: str) -> None:
    """Bring the empty database ``url`` to the newest schema."""
    database = Database(url)
    if any((PROJECT_DIR / "migrations" / "versions").glob("*.py")):
        migrate(database)
    else:
        import_models()
        Base.metadata.create_all(database.writer)
    database.close()

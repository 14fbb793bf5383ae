"""The tables of a test database, made the way an installation makes them."""

from app.core.db import Database
from app.core.schema import migrate


def create_schema(url: str) -> None:
    """Bring the empty database ``url`` to the newest schema."""
    database = Database(url)
    migrate(database)
    database.close()

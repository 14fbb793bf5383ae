"""The tables of a test database, made the way an installation makes them."""

from pathlib import Path

from app.core.db import Base, Database, import_models

PROJECT_DIR = Path(__file__).resolve().parents[1]


def create_schema(url: str) -> None:
    """Bring the empty database ``url`` to the newest schema."""
    if any((PROJECT_DIR / "migrations" / "versions").glob("*.py")):
        from alembic import command
        from alembic.config import Config

        config = Config(PROJECT_DIR / "alembic.ini")
        config.attributes["url"] = url
        command.upgrade(config, "head")
        return
    import_models()
    database = Database(url)
    Base.metadata.create_all(database.writer)
    database.close()

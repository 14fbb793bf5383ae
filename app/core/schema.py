"""The schema is made by migrations and by nothing else."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.core.db import Database
from app.core.settings import PROJECT_DIR


def migrate(database: Database) -> None:
    """Bring ``database`` to the newest revision, in one transaction; does nothing when it is there."""
    with database.writer.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether ``database`` has exactly the newest revision."""
    with database.reader.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    return Config(PROJECT_DIR / "alembic.ini")

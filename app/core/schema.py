"""The schema is made by migrations and by nothing else."""

from collections.abc import Sequence
from functools import cache

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
    return revision(database) == " ".join(newest())


def revision(database: Database) -> str:
    """Which revision ``database`` has; empty where it has none."""
    with database.reader.connect() as connection:
        return " ".join(MigrationContext.configure(connection).get_current_heads())


def knows(revision: str) -> bool:
    """Whether ``revision`` is one of ours, that can be brought to the newest one."""
    return revision in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


@cache
def newest() -> Sequence[str]:
    """The newest revision, read once: finding it compiles every migration, 14 ms of a page that asks."""
    return ScriptDirectory.from_config(_config()).get_heads()


def _config() -> Config:
    return Config(PROJECT_DIR / "alembic.ini")

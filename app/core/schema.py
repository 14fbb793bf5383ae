"""The schema is made by migrations and by nothing else."""

import time
from collections.abc import Sequence
from functools import cache
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from app.core.db import Database, is_busy
from app.core.settings import PROJECT_DIR

TRIES: Final = 20
PAUSE_S: Final = 3.0
"""How long others go on before the next try, in seconds: who waits behind a try waits as long as its lock timeout."""


def migrate(database: Database) -> None:
    """Bring ``database`` to the newest revision, in one transaction; does nothing when it is there.

    People go on meanwhile (PostgreSQL): a change that cannot get its lock gives way to them and is tried again.

    Raises:
        OperationalError: it could not get it in ``TRIES`` either. Nothing is changed.
    """
    for left in reversed(range(1 if database.is_sqlite else TRIES)):
        try:
            _upgrade(database)
        except OperationalError as error:
            if not left or not (is_busy(error) or _is_deadlock(error)):
                raise
            time.sleep(PAUSE_S)
        else:
            return


def _is_deadlock(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "40P01"


def _upgrade(database: Database) -> None:
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

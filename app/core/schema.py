"""The schema is made by migrations and by nothing else."""

import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from app.core.db import Database, is_busy
from app.core.settings import PROJECT_DIR

if TYPE_CHECKING:
    from alembic.config import Config

TRIES: Final = 20
PAUSE_S: Final = 3.0
"""How long others go on before the next try, in seconds: who waits behind a try waits as long as its lock timeout."""
_SAID: Final = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)
"""What each migration says of itself. Alembic would compile them all, and takes 10 MB of every server that asks it."""
_HAS: Final = text("SELECT version_num FROM alembic_version ORDER BY version_num")


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
    from alembic import command  # noqa: PLC0415 (see above)

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
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return " ".join(connection.execute(_HAS).scalars())


def knows(revision: str) -> bool:
    """Whether ``revision`` is one of ours, that can be brought to the newest one."""
    return revision in _before()


@cache
def newest() -> Sequence[str]:
    """The newest revision: the one that comes before no other."""
    before = _before()
    return sorted(set(before) - set(before.values()))


@cache
def _before() -> Mapping[str, str]:
    """Each revision and the one before it; the first has none."""
    files = (PROJECT_DIR / "migrations" / "versions").glob("*.py")
    said = (dict(_SAID.findall(file.read_text("utf-8"))) for file in files)
    return {one["revision"]: one["down_revision"] for one in said}


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 (see above)

    return Config(PROJECT_DIR / "alembic.ini")

"""How the installation stands, for whoever looks after it: nothing about people."""

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from app.core import schema
from app.core.db import Database
from app.core.settings import settings

GIGABYTE: Final = 10**9


@dataclass(frozen=True, slots=True)
class Installation:
    """What can be said without looking at anybody's data."""

    version: str
    engine: str
    is_sqlite: bool
    is_current: bool
    """Whether the database has the newest schema."""
    free: float
    """Gigabytes of room on the disk of the data folder."""
    has_key: bool
    """Whether the key that opens contacts of wishers is in its place."""
    https: bool
    time_zone: str


def installation(database: Database) -> Installation:
    """The installation as it stands now."""
    return Installation(
        version=version("sanliang"),
        engine="SQLite" if database.is_sqlite else "PostgreSQL",
        is_sqlite=database.is_sqlite,
        is_current=schema.is_current(database),
        free=shutil.disk_usage(settings().data_dir).free / GIGABYTE,
        has_key=settings().contacts_key_file.is_file(),
        https=settings().https,
        time_zone=settings().time_zone,
    )

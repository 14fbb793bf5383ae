"""The folder with backups: one is written at a time, appears there whole or not at all, and is gone whole as well."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from app.backups import manifest, rules
from app.backups.rules import CannotError
from app.core import built, env_file
from app.core.i18n import lazy_gettext as _
from app.core.settings import Settings

UNFINISHED: Final = ".unfinished-"
LOCK: Final = ".lock"
BUSY: Final = _("Another backup or drill is at work in %(place)s. Wait for its end.")
_THIS_MACHINE: Final = re.compile(r"@ (127\.0\.0\.1|::1|\[::1\])(?=:|$)")
NO_ROOM: Final = _("There is no room in %(place)s: %(needed)s MB are needed, %(free)s MB are free.")
NO_FOLDER: Final = _("%(place)s is a file. Name the folder that backups are kept in.")


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A place in ``folder`` to work in, for its owner alone; what a killed one has left there goes first.

    Raises:
        CannotError: somebody else works there.
    """
    if folder.is_file():
        raise CannotError(NO_FOLDER, place=folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotError(BUSY, place=folder) from None
        except OSError:  # a file system without locks
            pass
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        place = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
    finally:
        os.close(lock)


def finish(place: Path, name: str) -> Path:
    """What was made in ``place`` is whole: from now on it is the backup called ``name``."""
    for folder in (*filter(Path.is_dir, place.rglob("*")), place):
        _settle(folder)
    done = place.rename(place.with_name(name))
    _settle(done.parent)
    return done


def prune(folder: Path, *, database: str, days: int, weeks: int) -> int:
    """Throw away the backups of ``database`` that are no longer kept; gives their number."""
    found = {moment: place for place, moment in _backups(folder) if _is_of(place, database)}
    gone = set(found) - rules.kept(found, days=days, weeks=weeks)
    for moment in gone:
        leaving = found[moment].rename(folder / f"{UNFINISHED}{found[moment].name}")  # never half of it under its name
        shutil.rmtree(leaving, ignore_errors=True)
    return len(gone)


def chosen(place: Path) -> Path:
    """The backup at ``place``, or the newest in it.

    Raises:
        CannotError: there is none.
    """
    if (place / manifest.NAME).exists():
        return place
    backups = [backup for backup, _moment in _backups(place)] if place.is_dir() else []
    if not backups:
        raise CannotError(manifest.NO_BACKUP, place=place)
    return max(backups)


def copy_beside(config: Settings, to: Path, *, without: Path) -> None:
    """Copy what stands in the data folder beside the database: never a key, a setting, a cache, or ``without``."""
    source, own = config.data_dir.resolve(), _own_files(config)
    for path in sorted(source.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.is_relative_to(without.resolve()):
            continue
        if not _is_left_out(path, source, own):
            copy_file(path, to / path.relative_to(source))


def put_back(backup: Path, files: Collection[str], config: Settings, now: datetime) -> None:
    """Put back those of ``files`` that stood beside the database, and nothing that would not be copied.

    What is there under the same name and says something else is kept, renamed.
    """
    target, own = config.data_dir.resolve(), _own_files(config)
    for name in sorted(files):
        path = backup / name
        if backup / manifest.FILES not in path.parents:
            continue
        to = target / path.relative_to(backup / manifest.FILES)
        if _is_left_out(to, target, own):
            continue
        if os.path.lexists(to):
            if to.is_file() and not to.is_symlink() and to.read_bytes() == path.read_bytes():
                continue
            to.rename(free_name(to, now))
        copy_file(path, to)


def free_name(path: Path, now: datetime) -> Path:
    """What ``path`` is called from now on, when something else comes in its place: a name that nothing has."""
    name = f"{path.name}.before-{now:%Y%m%d-%H%M%S}"
    names = (path.with_name(f"{name}-{number}" if number else name) for number in count())
    return next(free for free in names if not os.path.lexists(free))


def check_room(folder: Path, needed: int, *, shown: Path | None = None) -> None:
    """Go on where ``needed`` bytes have room in ``folder``: what serves writes on the same disk, perhaps.

    Raises:
        CannotError: they have not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotError(NO_ROOM, place=shown or folder, needed=-(-needed >> 20), free=free >> 20)


def copy_file(path: Path, to: Path) -> None:
    """Copy one file; its owner alone may read the copy, and it is on the disk for good."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target, path.open("rb") as origin:
        shutil.copyfileobj(origin, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def _own_files(config: Settings) -> tuple[Path, ...]:
    """The database and every file of secrets, wherever they are. What begins like one belongs to it."""
    url = make_url(config.resolved_database_url)
    database = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    keys = (config.contacts_key_file, config.push_key_file, config.database_password_file)
    named = [path for path in (database, *keys, env_file.chosen()) if path]
    return (*(path.resolve() for path in named), *(path.parent.resolve() / path.name for path in named))


def _is_left_out(path: Path, folder: Path, own: Collection[Path]) -> bool:
    """Whether what is at ``path`` in the data ``folder`` is never in a backup."""
    parts = path.relative_to(folder).parts
    real = path.parent.resolve() / path.name
    if any(real.parent == one.parent and real.name.startswith(one.name) for one in own):
        return True
    return parts[0] in ("templates", built.FOLDER) or any(_looks_own(part) for part in parts)


def _looks_own(name: str) -> bool:
    return name.startswith((".", "sanliang.db")) or ".key" in name or name.endswith((".env", ".log"))


def _backups(folder: Path) -> Iterator[tuple[Path, datetime]]:
    for place in folder.iterdir():
        if (moment := rules.moment_of(place.name)) and (place / manifest.NAME).exists():
            yield place, moment


def _is_of(place: Path, database: str) -> bool:
    with suppress(CannotError):
        return one_name(manifest.read(place).database) == one_name(database)
    return False


def one_name(database: str) -> str:
    """A database by one name, however its settings call this machine: else it does not know its own backups again."""
    return _THIS_MACHINE.sub("@ localhost", database)


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # file systems that know no such thing
            os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The folder with backups: one is written at a time, appears there whole or not at all, and is gone whole as well."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from app.backups import manifest, rules
from app.backups.errors import CannotError
from app.core.i18n import lazy_gettext as _

UNFINISHED: Final = ".unfinished-"
LOCK: Final = ".lock"
BUSY: Final = _("Another backup or drill is at work in %(place)s. Wait for its end.")
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


def copy_beside(source: Path, to: Path, skipped: Collection[Path]) -> None:
    """Copy what stands in the data folder ``source`` beside the database: never a key, a setting or a cache."""
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if path.is_symlink() or not path.is_file() or any(path.is_relative_to(one) for one in skipped):
            continue
        if relative.parts[0] == "templates" or any(_is_left_out(part) for part in relative.parts):
            continue
        copy_file(path, to / relative)


def copy_file(path: Path, to: Path) -> None:
    """Copy one file; its owner alone may read the copy, and it is on the disk for good."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target, path.open("rb") as origin:
        shutil.copyfileobj(origin, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def _is_left_out(name: str) -> bool:
    return name.startswith((".", "sanliang.db")) or ".key" in name or name.endswith((".env", ".log"))


def _backups(folder: Path) -> Iterator[tuple[Path, datetime]]:
    for place in folder.iterdir():
        if (moment := rules.moment_of(place.name)) and (place / manifest.NAME).exists():
            yield place, moment


def _is_of(place: Path, database: str) -> bool:
    with suppress(CannotError):
        return manifest.read(place).database == database
    return False


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # file systems that know no such thing
            os.fsync(descriptor)
    finally:
        os.close(descriptor)

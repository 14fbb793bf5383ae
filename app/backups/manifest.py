"""What a backup says of itself, and the check sums by which a part that was cut, changed or lost is found."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from app.backups.rules import CannotError
from app.core.i18n import lazy_gettext as _

NAME: Final = "manifest.json"
FORMAT: Final = 1
FILES: Final = "files"
"""The folder of a backup with what stood in the data folder beside the database."""
_CHUNK: Final = 1 << 20
NOT_WHOLE: Final = _("This backup is not whole: %(file)s is missing, cut off or changed. Take another one.")
ANOTHER: Final = _("This is not the backup that was made: it has another SHA-256. Nothing was touched.")
KNOWN_BY: Final = _(
    "It is known by its manifest's SHA-256: %(sha256)s. Keep that apart from it, and say it at restoring (--sha256)."
)
NO_BACKUP: Final = _("There is no backup at %(place)s.")
OF_ANOTHER_VERSION: Final = _("This backup was made by a newer version of Sanliang. Install that version first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in ``manifest.json``; it is written last, so that a backup without one is none."""

    made_at: str
    """Aware, ISO 8601."""
    product: str
    engine: str
    database: str
    """Which one, without its password."""
    data: str
    """The file with the database."""
    schema: str
    """The revision of its tables."""
    heads: str
    """The digest of where all chains end; empty where it was not verified, as its tables were older."""
    is_clean: bool
    """Whether ledger and log were as they were written."""
    key_id: str
    """The name of the key that seals: a digest. The key itself is never here."""
    files: Mapping[str, str]
    """Path in the backup → bytes and SHA-256."""

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


def digest(folder: Path) -> str:
    """SHA-256 of the manifest, by which the whole backup is known."""
    return hashlib.sha256((folder / NAME).read_bytes()).hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Put it into the backup that is being made."""
    text = json.dumps({"format": FORMAT} | asdict(manifest), ensure_ascii=False, indent=1) + "\n"
    with os.fdopen(os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def read(folder: Path) -> Manifest:
    """That of the backup in ``folder``.

    Raises:
        CannotError: there is none, or it cannot be read.
    """
    try:
        said: dict[str, Any] = json.loads((folder / NAME).read_text("utf-8"))
        is_known = said.pop("format") == FORMAT
        found = Manifest(**said) if is_known else None
    except FileNotFoundError:
        raise CannotError(NO_BACKUP, place=folder) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CannotError(NOT_WHOLE, file=NAME) from None
    if found is None:
        raise CannotError(OF_ANOTHER_VERSION)
    for name in (found.data, *found.files):
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise CannotError(NOT_WHOLE, file=name)
    return found


def sums(folder: Path, read_bytes: Callable[[int], object]) -> dict[str, str]:
    """Of every file in ``folder``; each is on the disk for good afterwards."""
    return {path.relative_to(folder).as_posix(): _sum(path, read_bytes) for path in _files(folder)}


def check(folder: Path, manifest: Manifest, read_bytes: Callable[[int], object]) -> None:
    """See that every file is as it was written, the database among them, and is none that leads elsewhere.

    Raises:
        CannotError: one is not.
    """
    if manifest.data not in manifest.files:
        raise CannotError(NOT_WHOLE, file=manifest.data)
    for name, expected in manifest.files.items():
        path = folder / name
        leads_elsewhere = path.resolve() != folder.resolve() / name
        if leads_elsewhere or not path.is_file() or _sum(path, read_bytes) != expected:
            raise CannotError(NOT_WHOLE, file=name)


def size(folder: Path) -> int:
    """Of all files in ``folder``, in bytes."""
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / NAME)


def _sum(path: Path, read_bytes: Callable[[int], object]) -> str:
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            length += len(chunk)
            read_bytes(len(chunk))
        os.fsync(file.fileno())
    return f"{length} {digest.hexdigest()}"

"""Sealing: what the database alone must not tell is kept encrypted and authenticated, with keys from a file beside it.

A sealed text carries the id of what it belongs to, so that a text copied to another row does not open there. The key
file has one key a line: the first one seals, the others still open what was sealed before (``rotated``). It is read
again whenever it changes, so that running processes follow a rotation.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.core.errors import AppError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.settings import settings

KEY_ID_LENGTH: Final = 16
_ID_BYTES: Final = 16


class KeyMissingError(AppError):
    status = 503
    title = _("The key is missing")
    message = _(
        "Contacts of wishers and secrets of sign-in apps cannot be read or kept just now: the server does not find its "
        "key. Nothing is lost. Whoever looks after the server puts the key file back, or makes the first one with "
        "“sanliang contacts new-key”."
    )


class BrokenSealError(AppError):
    """Sealed with a key that is not in the file, changed, or moved here from another row."""

    status = 503
    title = _("The key does not fit")
    message = _(
        "This was sealed with a key that the server no longer has, or it was changed. Whoever looks after the server "
        "puts back the key file that belongs to this database."
    )


class KeyExistsError(ConflictError):
    message = _("There is a key already: %(path)s. A new one in its place: sanliang contacts rotate.")


class Sealed(NamedTuple):
    """A sealed text, and the name of the key that sealed it."""

    text: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Sealer:
    """The keys of this installation, the sealing one first."""

    keys: tuple[str, ...] = field(repr=False)

    @property
    def key_id(self) -> str:
        """The name of the key that seals: a digest that tells nothing of it."""
        return _key_id(self.keys[0])

    def seal(self, content: str, *, belongs_to: UUID) -> Sealed:
        """``content`` sealed for the row ``belongs_to``."""
        return Sealed(_fernet(self.keys).encrypt(belongs_to.bytes + content.encode()).decode(), self.key_id)

    def open(self, sealed: str, *, belongs_to: UUID) -> str:
        """What was sealed for the row ``belongs_to``.

        Raises:
            BrokenSealError: no key of the file fits, it was changed, or it belongs to another row.
        """
        try:
            content = _fernet(self.keys).decrypt(sealed.encode())
        except InvalidToken:
            raise BrokenSealError from None
        if content[:_ID_BYTES] != belongs_to.bytes:
            raise BrokenSealError
        return content[_ID_BYTES:].decode()


def sealer() -> Sealer:
    """The keys as the file has them now.

    Raises:
        KeyMissingError: there is no key file, or it cannot be read as one.
    """
    path = settings().contacts_key_file
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)
    except (OSError, ValueError):  # the file's text stays out of the message: it may be most of a key
        raise KeyMissingError from None


def keyed_digest(name: str) -> str:
    """A digest that says nothing without the key, for what there are few enough of to try them all, as of networks.

    Raises:
        KeyMissingError: the server does not find its key.
    """
    return _digest(sealer().keys[0], name)


def is_keyed_digest(name: str, said: str) -> bool:
    """Whether ``said`` is the ``keyed_digest`` of ``name``, with any key that the server still has.

    Raises:
        KeyMissingError: the server does not find its key.
    """
    return any(hmac.compare_digest(_digest(key, name).encode(), said.encode()) for key in sealer().keys)


def _digest(key: str, name: str) -> str:
    return hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest()


def has_key() -> bool:
    """Whether something can be sealed just now, for pages that would ask for it."""
    try:
        sealer()
    except KeyMissingError:
        return False
    return True


def key_id() -> str:
    """The name of the key that seals now; empty where there is none."""
    return sealer().key_id if has_key() else ""


def has_key_called(name: str) -> bool:
    """Whether the key ``name`` is in the file, as the one that seals or an older one."""
    return has_key() and name in map(_key_id, sealer().keys)


def make_key() -> Path:
    """Make the key file with a first key, readable by its owner alone; gives its place.

    Raises:
        KeyExistsError: there is one.
    """
    path = settings().contacts_key_file
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, (_new_key(),), os.O_EXCL)
    except FileExistsError:
        raise KeyExistsError(path=path) from None
    return path


def add_key() -> Sealer:
    """Put a new key before the others, so that it seals from now on.

    Raises:
        KeyMissingError: there is no key file.
    """
    return _replace((_new_key(), *sealer().keys))


def drop_old_keys() -> Sealer:
    """Keep only the key that seals: nothing is sealed with the others any more.

    Raises:
        KeyMissingError: there is no key file.
    """
    return _replace(sealer().keys[:1])


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    """Made once for these keys: a batch opens many texts."""
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=4)
def _read(path: Path, _modified: int, _size: int, _inode: int) -> Sealer:
    """The keys in the file as it was at that time.

    Raises:
        ValueError: a line is no key, or there is none.
    """
    keys = tuple(line.strip() for line in path.read_text(encoding="ascii").splitlines() if line.strip())
    if not keys:
        raise ValueError("no key")
    for key in keys:
        Fernet(key)
    return Sealer(keys)


def _replace(keys: tuple[str, ...]) -> Sealer:
    path = settings().contacts_key_file
    beside = path.with_name(path.name + ".new")
    _write(beside, keys, os.O_TRUNC)
    beside.replace(path)
    return sealer()


def _write(path: Path, keys: tuple[str, ...], mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | mode, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())


def _new_key() -> str:
    return Fernet.generate_key().decode()


def _key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:KEY_ID_LENGTH]

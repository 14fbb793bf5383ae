"""What was built of ``web/``: which name a file has now, and the files of other versions.

A page that is open asks for the files it was drawn with, whoever answers by now. So each server puts its own into the
data folder, where the next version and the one before it find them. Servers that share no folder are behind a proxy
that asks the next one (``deploy/nginx.conf``).
"""

import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.core.settings import PROJECT_DIR, settings

DIST_DIR: Final = PROJECT_DIR / "web" / "dist"
KEPT_S: Final = 60 * 24 * 3600
"""How long files stay after a server that has them was last at work, in seconds: no page stays open longer."""
RENEWED_S: Final = 6 * 3600.0
"""How often a server says that it is at work, in seconds: it may be killed without a word."""
TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
NAMED_BY_CONTENT: Final = re.compile(r"[\w-]{1,80}-[0-9A-Z]{8,16}\.\w{1,5}")
FOLDER: Final = "assets"
"""In the data folder."""


def asset(name: str) -> str:
    """The address of a built file, with the digest of its content in the name.

    Raises:
        KeyError: ``web/`` was not built (``make build``), or has no such file.
    """
    return "/assets/" + _manifest()[name]


def shell_headers() -> dict[str, str]:
    """Of what the worker keeps as part of its shell: asked for afresh, and of which version it is."""
    return {"Cache-Control": "no-cache", "Sanliang-Shell": _shell_version()}


def keep() -> None:
    """Put the files of this version beside those of others; where there is no room for one it is left out."""
    folder, now = settings().data_dir / FOLDER, time.time()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for file in filter(_is_named, DIST_DIR.iterdir()):
            with suppress(OSError):
                _put(file, folder)
        for kept in folder.iterdir():
            with suppress(OSError):  # another server was faster
                if kept.stat().st_mtime < now - KEPT_S:
                    kept.unlink()


@contextmanager
def keeping() -> Iterator[None]:
    """The same, and again every few hours while the block runs: what is at work is not old."""
    keep()
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEWED_S):
            keep()

    threading.Thread(target=renew, name="built", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _put(file: Path, folder: Path) -> None:
    kept = folder / file.name
    if kept.exists():
        os.utime(kept)
        return
    part = folder / f".{file.name}.{secrets.token_hex(4)}"  # two servers may share the folder, and not the machine
    try:
        shutil.copyfile(file, part)  # it appears whole or not at all: somebody may ask for it now
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)


def of_another_version(name: str) -> Path | None:
    """The file of this ``name`` that another version has put there, if one has."""
    file = settings().data_dir / FOLDER / name
    return file if _is_named(file) and file.is_file() else None


def _is_named(file: Path) -> bool:
    return file.suffix in TYPES and NAMED_BY_CONTENT.fullmatch(file.name) is not None


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((DIST_DIR / "manifest.json").read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=1)
def _shell_version() -> str:
    return (DIST_DIR / "version").read_text(encoding="utf-8")

"""The file in which an installation keeps its settings: every command reads it, from whichever shell it is run."""

import os
from pathlib import Path
from typing import Final

from dotenv.parser import parse_stream

NAME: Final = "SANLIANG_ENV_FILE"
"""Names the file; empty: none is read."""
USUAL: Final = Path("/etc/sanliang/sanliang.env")
"""Read where no other is named, if it is there."""


class EnvFileError(ValueError):
    """The file cannot be read, or a line of it is none. What it says may be a password, and is not repeated."""


def chosen() -> Path | None:
    """The file that is read, if any.

    Raises:
        EnvFileError: one is named that is not there, or whether the usual one is cannot be seen.
    """
    named = os.environ.get(NAME)
    if named == "":
        return None
    path = Path(named) if named else USUAL
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise EnvFileError(f"{NAME}: {path}: no such file") from None
        return None
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
    return path


def take_in(known: frozenset[str]) -> None:
    """Add what the file says to the environment, where the environment does not say it already.

    ``known`` are the settings there are: one more that begins like them is a slip of the pen.

    Raises:
        EnvFileError: see ``chosen``; or one may not read it, a line is none, a setting unknown.
    """
    path = chosen()
    if path is None:
        return
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = list(parse_stream(file))
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise EnvFileError(f"{path}: should be UTF-8") from None
    for line in lines:
        text = line.original.string
        blank = text[: len(text) - len(text.lstrip())].count("\n")
        place = f"{path}: line {line.original.line + blank}"
        if line.error or (line.key and line.value is None):
            raise EnvFileError(f"{place}: should be like NAME=value")
        if line.key and line.key.startswith("SANLIANG_") and line.key not in known:
            raise EnvFileError(f"{place}: there is no setting {line.key}")
    for line in lines:
        if line.key and line.value is not None:
            os.environ.setdefault(line.key, line.value)

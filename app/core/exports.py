"""Whether tables leave as workbooks or as plain CSV: one switch for all files, of a browser or of one address."""

from contextvars import ContextVar
from typing import Final

COOKIE: Final = "sanliang_files"
CSV: Final = "csv"
BOM: Final = "\ufeff".encode()
"""Without it Excel takes UTF-8 for something else."""
_as_csv: Final[ContextVar[bool]] = ContextVar("as_csv", default=False)


def use(chosen: str | None, query: bytes) -> None:
    """For the rest of the request: what the browser has ``chosen``, unless its address says ``as=csv`` or ``xlsx``."""
    asked = [part.removeprefix(b"as=").decode("ascii", "replace") for part in query.split(b"&") if part[:3] == b"as="]
    _as_csv.set((asked[-1] if asked else chosen) == CSV)


def as_csv() -> bool:
    """Whether tables leave as CSV."""
    return _as_csv.get()


def named(name: str, media_type: str, content: bytes) -> tuple[str, str]:
    """How a file is called, and its media type: ``….xlsx`` whose tables became CSV is a CSV, or a ZIP of several."""
    if not as_csv() or not name.endswith(".xlsx"):
        return name, media_type
    stem = name.removesuffix(".xlsx")
    return (f"{stem}.csv", "text/csv; charset=utf-8") if content.startswith(BOM) else (f"{stem}.zip", "application/zip")

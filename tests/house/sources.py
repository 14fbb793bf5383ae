"""What the house tests read: the files of the project as they stand in the repository."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]


def python_files(folder: str = "app") -> Iterator[Path]:
    """The Python files below ``folder``."""
    return iter(sorted((PROJECT_DIR / folder).rglob("*.py")))


def templates() -> Iterator[Path]:
    """The pages and macros."""
    return iter(sorted((PROJECT_DIR / "web" / "templates").rglob("*.html")))


@lru_cache(maxsize=1)
def tracked_files() -> tuple[Path, ...]:
    """What the repository holds, or would hold after the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_DIR,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in listed.split("\0") if name and (path := PROJECT_DIR / name).is_file())


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, line: int | None = None) -> str:
    """How a test names a place: ``app/core/db.py:12``."""
    name = str(path.relative_to(PROJECT_DIR))
    return f"{name}:{line}" if line else name

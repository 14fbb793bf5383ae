"""What the repository itself must not hold: addresses of registries, foreign code, big files."""

import re
from pathlib import Path

import pytest

from tests.house.sources import PROJECT_DIR, place, tracked_files

REGISTRY = re.compile(r"--(?:extra-)?index-ur[l]|\"resolve[d]\"\s*:|^\s*registr[y]\s*=|_authToke[n]", re.MULTILINE)
"""Which registry packages come from is the business of the machine that installs them."""
MOST_KILOBYTES = 600
"""The largest is the catalogue of all Chinese sentences."""
BINARY = frozenset({".png", ".ico", ".xlsx", ".woff2", ".webp", ".jpg"})


def names_a_registry(text: str) -> bool:
    """Whether a file says where packages are fetched from."""
    return bool(REGISTRY.search(text))


def pins(path: Path) -> dict[str, str]:
    """The versions a requirements file locks, by package and marker."""
    return dict(re.findall(r"^([a-z0-9][^=\s]*)==(\S+)", path.read_text("utf-8"), re.MULTILINE))


def cited(text: str) -> set[str]:
    """The papers of this repository that ``text`` refers to: ``docs/domain.md``, ``docs/decisions/0007``."""
    return set(re.findall(r"\bdocs/[\w/.-]*\w", text))


def is_there(paper: str) -> bool:
    """Whether a paper, or one whose name begins like that, is in the repository."""
    path = PROJECT_DIR / paper
    return path.exists() or any(path.parent.glob(f"{path.name}-*.md"))


def test_what_is_cited_is_there():
    sources = [path for path in tracked_files() if path.suffix in {".py", ".js", ".html", ".md"}]
    found = [
        f"{place(path)}: {paper}"
        for path in sources
        if path != Path(__file__)
        for paper in cited(path.read_text("utf-8"))
        if not is_there(paper)
    ]
    assert found == []


def test_the_check_of_papers_can_fail():
    assert [is_there(paper) for paper in sorted(cited("see docs/domain.md and docs/decisions/9999"))] == [False, True]


def test_no_registry_is_named():
    found = [
        place(path)
        for path in tracked_files()
        if path.suffix not in BINARY
        and path != Path(__file__)
        and names_a_registry(path.read_text("utf-8", errors="ignore"))
    ]
    assert found == []


def test_every_package_is_locked_by_hash():
    for path in PROJECT_DIR.glob("requirements*.txt"):
        entries = re.split(r"\n(?=\S)", path.read_text("utf-8"))
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry.split("\n")[0]), path.name


def test_tests_run_on_the_versions_that_are_installed():
    served, tested = pins(PROJECT_DIR / "requirements.txt"), pins(PROJECT_DIR / "requirements-dev.txt")
    assert served.items() <= tested.items()


def test_no_foreign_code_and_no_big_files():
    big = [place(path) for path in tracked_files() if path.stat().st_size > MOST_KILOBYTES * 1024]
    foreign = [place(path) for path in tracked_files() if {"node_modules", "dist", "vendor"} & set(path.parts)]
    assert big + foreign == []


@pytest.mark.parametrize(
    "halves",
    [
        ("--index-ur", "l somewhere"),
        ('  "resolve', 'd": "somewhere",'),
        ("registr", "y=somewhere"),
        ("//host/:_authToke", "n=x"),
    ],
)
def test_the_check_for_registries_can_fail(halves):
    """In halves, so that this file itself names none."""
    line = "".join(halves)
    assert names_a_registry(line)

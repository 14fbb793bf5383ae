"""Who knows the noun finds the folder, who knows the question finds the file; and no file is two."""

from pathlib import Path

from tests.house.sources import PROJECT_DIR, place, python_files

MOST_LINES = 300
FILES_OF_A_FEATURE = frozenset(
    {"__init__.py", "errors.py", "rules.py", "models.py", "forms.py", "queries.py", "service.py", "routes.py"}
)
MORE_FILES = {
    "members": {"actor.py"},
    "sign_in": {"door.py", "tokens.py"},
    "ledger": {"chain.py", "forbidden.py", "quantities.py"},
}
"""A second noun in a folder is named here, and nowhere by accident."""


def strangers(feature: str, names: list[str]) -> list[str]:
    """The files of a feature that have no agreed name."""
    return [name for name in names if name not in FILES_OF_A_FEATURE | MORE_FILES.get(feature, set())]


def too_long(path: Path) -> bool:
    """Whether a file has grown past what is read in one go."""
    return len(path.read_text("utf-8").splitlines()) > MOST_LINES


def test_features_have_the_agreed_files():
    found = {
        folder.name: unknown
        for folder in sorted((PROJECT_DIR / "app" / "features").iterdir())
        if folder.is_dir() and (unknown := strangers(folder.name, [file.name for file in folder.glob("*.py")]))
    }
    assert found == {}


def test_the_list_of_further_files_is_true():
    gone = [
        f"{feature}/{name}"
        for feature, names in MORE_FILES.items()
        for name in names
        if not (PROJECT_DIR / "app" / "features" / feature / name).exists()
    ]
    assert gone == []


def test_no_file_is_too_long():
    assert [place(path) for path in python_files() if too_long(path)] == []


def test_the_checks_can_fail(tmp_path):
    long = tmp_path / "long.py"
    long.write_text("pass\n" * (MOST_LINES + 1), encoding="utf-8")
    assert too_long(long)
    assert strangers("members", ["models.py", "actor.py", "helpers.py"]) == ["helpers.py"]

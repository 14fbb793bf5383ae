"""Who knows the noun finds the folder, who knows the question finds the file; and no file is two."""

import ast
from pathlib import Path

from tests.house.sources import PROJECT_DIR, place, python_files, tree

MOST_LINES = 300
AGREED_NAMES = frozenset(
    {
        "__init__.py",
        "errors.py",
        "rules.py",
        "models.py",
        "forms.py",
        "queries.py",
        "service.py",
        "routes.py",
        "commands.py",
    }
)
FURTHER_NOUNS = frozenset({"sign_in/door.py", "ledger/triggers.py"})
"""Files beside the agreed ones that know the database or HTTP; each is named here, and nowhere by accident."""
OUTER_WORLD = frozenset({"sqlalchemy", "fastapi", "starlette", "typer", "alembic"})


def knows_the_outer_world(module: ast.Module) -> bool:
    """Whether a module imports the database or HTTP. One that does not is a noun of the feature's rules."""
    imported = {alias.name for node in ast.walk(module) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
    return any(name.split(".")[0] in OUTER_WORLD for name in imported)


def too_long(path: Path) -> bool:
    """Whether a file has grown past what is read in one go."""
    return len(path.read_text("utf-8").splitlines()) > MOST_LINES


def test_database_and_http_are_where_they_are_looked_for():
    features = PROJECT_DIR / "app" / "features"
    found = {
        str(path.relative_to(features))
        for path in python_files("app/features")
        if path.name not in AGREED_NAMES and knows_the_outer_world(tree(path))
    }
    assert found == FURTHER_NOUNS


def test_no_file_is_too_long():
    assert [place(path) for path in python_files() if too_long(path)] == []


def test_the_checks_can_fail(tmp_path):
    long = tmp_path / "long.py"
    long.write_text("pass\n" * (MOST_LINES + 1), encoding="utf-8")
    assert too_long(long)
    assert knows_the_outer_world(ast.parse("def find():\n    from sqlalchemy.orm import Session"))
    assert knows_the_outer_world(ast.parse("import fastapi.responses"))
    assert not knows_the_outer_world(ast.parse("from app.features.ledger.rules import FactType"))

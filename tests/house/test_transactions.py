"""One unit of work per request: only core/db.py commits, and endpoints stay in their own thread."""

import ast
from collections.abc import Iterator

from tests.house.sources import PROJECT_DIR, place, python_files, tree

THE_ONE_THAT_COMMITS = PROJECT_DIR / "app" / "core" / "db.py"


def commits(module: ast.Module) -> Iterator[int]:
    """Lines that end a transaction, or take one out of the unit of work's hands."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr="commit" | "rollback")):
                yield node.lineno


def coroutines(module: ast.Module) -> Iterator[int]:
    """Lines that define an ``async`` function: one blocking call in it stops every visitor of the process."""
    return (node.lineno for node in ast.walk(module) if isinstance(node, ast.AsyncFunctionDef))


def test_only_the_database_commits():
    found = [
        place(path, line) for path in python_files() if path != THE_ONE_THAT_COMMITS for line in commits(tree(path))
    ]
    assert not found, f"return commits and raising rolls back; let the unit of work do it: {found}"


def test_features_are_synchronous():
    found = [place(path, line) for path in python_files("app/features") for line in coroutines(tree(path))]
    assert not found, f"endpoints and services are plain def: {found}"


def test_the_checks_can_fail():
    assert list(commits(ast.parse("def claim(session):\n    session.commit()"))) == [2]
    assert list(coroutines(ast.parse("async def claim():\n    return 1"))) == [1]

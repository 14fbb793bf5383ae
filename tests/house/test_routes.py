"""What the house asks of routes: who, parse, call, render. How a form is answered is written once."""

import ast
from collections.abc import Iterator

from tests.house.sources import PROJECT_DIR


def catches(source: str) -> Iterator[int]:
    """Lines on which a refusal is caught."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            yield node.lineno


def test_routes_leave_refusals_to_the_one_place_that_answers_forms():
    found = [
        f"{path.relative_to(PROJECT_DIR)}:{line}: let core/answers.act answer the form"
        for path in sorted((PROJECT_DIR / "app" / "features").rglob("routes.py"))
        for line in catches(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_rule_finds_a_route_that_catches():
    source = "def save():\n    try:\n        do()\n    except AppError as error:\n        return str(error)\n"
    assert list(catches(source)) == [4]

"""A class says what it is; a refusal says it by its sentence, and no docstring repeats that."""

import ast
from collections import defaultdict
from importlib import import_module
from pkgutil import walk_packages

from app import features
from app.core.errors import AppError
from tests.house.sources import place, python_files, tree


def silent(module: ast.Module) -> list[str]:
    """The public classes of a file that say nothing: neither a docstring nor the sentence of a refusal."""
    return [
        node.name
        for node in module.body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and not any(isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "message" for line in node.body)
    ]


def refusals(kind: type[AppError] = AppError) -> set[type[AppError]]:
    """All refusals of the house."""
    return {kind}.union(*map(refusals, kind.__subclasses__()))


def test_every_class_says_what_it_is():
    assert [f"{place(path)} {name}" for path in python_files() for name in silent(tree(path))] == []


def test_the_check_of_classes_can_fail():
    source = "class Wish:\n    title: str\n\nclass TakenError(AppError):\n    message = _('Somebody was faster.')\n"
    assert silent(ast.parse(source)) == ["Wish"]


def test_machines_tell_two_refusals_of_one_room_apart():
    for module in walk_packages(features.__path__, "app.features."):
        import_module(module.name)
    called = defaultdict(set)
    for kind in refusals():
        if kind.__module__.startswith("app.features.") and "code" in vars(kind):
            called[kind.__module__.split(".")[2], kind.code].add(kind.__qualname__)
    assert {code: names for code, names in called.items() if len(names) > 1} == {}

"""Statements are built once and cached, so what is bound to them has to say its type."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.sources import PROJECT_DIR, place, python_files, tree

WHATEVER_COMES_FIRST = """
from app.features.ledger import service
print(service._MOVE_HEAD.whereclause.right.type)
"""


def untyped_lists(module: ast.Module) -> Iterator[int]:
    """Lines with a bound list that does not say of what.

    Executed with an empty list first, such a statement is cached without the conversion of its values, and fails
    for everybody afterwards: SQLite then knows no UUID.
    """
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "bindparam":
            given = {keyword.arg for keyword in node.keywords}
            if "expanding" in given and "type_" not in given:
                yield node.lineno


def foreign_words(module: ast.Module) -> Iterator[int]:
    """Lines with a foreign key that names a table of another file by a word.

    Its column has no type before that other file is imported, and a statement built earlier never learns it.
    """
    own = {
        node.value.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "__tablename__"
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id="ForeignKey"), args=[ast.Constant(value=str(word)), *_]):
                if word.split(".")[0] not in own:
                    yield node.lineno


def test_a_bound_list_says_of_what():
    found = [place(path, line) for path in python_files() for line in untyped_lists(tree(path))]
    assert not found, f"bindparam(…, type_=Uuid(), expanding=True): {found}"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('bindparam("ids", expanding=True)', 1),
        ('bindparam("ids", type_=Uuid(), expanding=True)', 0),
        ('bindparam("id")', 0),
    ],
)
def test_the_check_can_fail(source, wrong):
    assert len(list(untyped_lists(ast.parse(source)))) == wrong


def test_types_do_not_depend_on_the_order_of_imports():
    said = subprocess.run(
        [sys.executable, "-c", WHATEVER_COMES_FIRST], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "CHAR(32)"  # not NULL: the foreign key knows the table it refers to


def test_a_foreign_key_names_the_column():
    files = [path for path in python_files() if path.name == "models.py"]
    found = [place(path, line) for path in files for line in foreign_words(tree(path))]
    assert not found, f"ForeignKey(Member.id), not a word: {found}"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('ForeignKey("members.id")', 1),
        ('ForeignKey("members.id", ondelete="CASCADE")', 1),
        ("ForeignKey(Member.id)", 0),
        ('class Fact:\n    __tablename__ = "facts"\n    reversal_of = mapped_column(ForeignKey("facts.id"))', 0),
    ],
)
def test_the_check_of_foreign_keys_can_fail(source, wrong):
    assert len(list(foreign_words(ast.parse(source)))) == wrong


def test_numbers_in_sql_are_plain():
    """PostgreSQL before 16 reads ``7_240`` as a number with junk behind it."""
    statement = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|SET|CREATE|CHECK)\b.*\b\d+_\d", re.DOTALL)
    files = [*PROJECT_DIR.glob("app/**/*.py"), *PROJECT_DIR.glob("migrations/**/*.py")]
    texts = (
        (file.name, node.value)
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [(name, text) for name, text in texts if statement.search(text)] == []
    assert statement.search("SELECT pg_advisory_xact_lock(7_240_317)")

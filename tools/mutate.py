"""Change the rules a little, one change at a time, and see whether a test notices. ``make mutate`` runs it at night.

A mutant is one small change of a ``rules.py``: another comparison, a limit one higher, a condition the other way round,
one member fewer in a set. Each runs against the tests of its own room on SQLite; who survives is printed with its
place, and is either an equal rule in other words or a hole in the tests. The same seed makes the same mutants.
"""

import argparse
import ast
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each node that can be changed, with what stands in its place."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
                yield node, ast.Compare(left, [COMPARED[type(op)]()], [right])
            case ast.BoolOp(op=op, values=values):
                yield node, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                yield node, ast.Constant(number + 1)
            case ast.Set(elts=[first, *rest]) if rest:
                yield node, ast.Set(rest)
                yield node, ast.Set([first, *rest[:-1]])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield node, ast.BinOp(left, ast.Sub(), right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                yield node, ast.BinOp(left, ast.Add(), right)


def mutants(source: str) -> list[tuple[int, str, str, str]]:
    """Line, what stood there, what stands there now, and the whole text, of every mutant of ``source``."""
    found = []
    for node, other in changes(ast.parse(source)):
        old = ast.get_source_segment(source, node)
        if old and source.count(old) and hasattr(node, "lineno"):
            start = _offset(source, node.lineno, node.col_offset)
            new = ast.unparse(ast.fix_missing_locations(other))
            found.append((node.lineno, old, new, source[:start] + new + source[start + len(old) :]))
    return found


def _offset(source: str, line: int, column: int) -> int:
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def tests_of(module: Path) -> str:
    """The folder with the tests of the room that ``module`` stands in."""
    folder = ROOT / "tests" / module.parent.relative_to(ROOT / "app")
    while not folder.is_dir():
        folder = folder.parent
    return str(folder)


def is_noticed(module: Path, text: str) -> bool:
    """Whether a test fails, or hangs, with ``text`` in the place of ``module``."""
    whole = module.read_text("utf-8")
    module.write_text(text, "utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--engine", "sqlite", "-m", "not browser"]
        asked = [*command, "-p", "no:cacheprovider", tests_of(module)]
        return subprocess.run(asked, cwd=ROOT, capture_output=True, timeout=600, check=False).returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        module.write_text(whole, "utf-8")


def main() -> int:
    """Try some mutants of each module; 1 when one survived."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("modules", nargs="*", type=Path, help="files to change; all rules of the features by default")
    asked.add_argument("--each", type=int, default=6, help="mutants of each module")
    asked.add_argument("--seed", type=int, default=20261129)
    given = asked.parse_args()
    modules = [path.resolve() for path in given.modules] or sorted((ROOT / "app" / "features").rglob("rules.py"))
    survived = tried = 0
    for module in modules:
        source = module.read_text("utf-8")
        known = mutants(source)
        chosen = random.Random(f"{given.seed} {module.relative_to(ROOT)}").sample(known, min(given.each, len(known)))
        for line, old, new, text in sorted(chosen):
            tried += 1
            if not is_noticed(module, text):
                survived += 1
                print(f"survived: {module.relative_to(ROOT)}:{line}: {old} -> {new}", flush=True)
        print(f"{module.relative_to(ROOT)}: {len(chosen)} tried", flush=True)
    print(f"{tried - survived} of {tried} noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())

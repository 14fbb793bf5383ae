"""Change the rules a little, one change at a time, and see whether a test notices. ``make mutate`` runs it at night.

A mutant is one small change of a ``rules.py``: another comparison, a limit one higher, a condition the other way round,
one member fewer in a set. Each runs against the tests of its own room on SQLite; who survives is printed with its
place, and is either an equal rule in other words or a hole in the tests. The same seed makes the same mutants. The file
itself is changed and put back: run it in a checkout in which nobody works.
"""

import argparse
import ast
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple

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


RULES: Final = (
    "features/**/rules.py",
    "features/scores/parts/*.py",
    "backups/rules.py",
    "core/life.py",
    "core/months.py",
)
"""Where rules stand, below ``app``."""
PATIENCE_S: Final = 600
"""How long the tests of a room may take; whoever takes longer hangs."""
_QUICK: Final = ("test_tables.py", "test_rules.py")
"""What is asked first: most mutants end here, without a database."""
_NONE: Final = 5
"""What pytest says of files whose tests are all for another engine or for a browser."""


class Mutant(NamedTuple):
    """One change: the line it begins on, what stood there, what stands there now, and the whole text with it."""

    line: int
    old: str
    new: str
    text: str


def changes(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each expression that can be changed, with what stands in its place. Annotations say nothing at run time."""
    for node in _at_run_time(tree):
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others):
                for place, op in enumerate(ops):
                    yield node, ast.Compare(left, [*ops[:place], COMPARED[type(op)](), *ops[place + 1 :]], others)
            case ast.BoolOp(op=op, values=values):
                yield node, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield node, operand
            case ast.If(test=test) | ast.IfExp(test=test) if isinstance(test, ast.Name | ast.Attribute | ast.Call):
                yield test, ast.UnaryOp(ast.Not(), test)
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                yield node, ast.Constant(number + 1)
            case ast.Set(elts=members) if len(members) > 1:
                for place in range(len(members)):
                    yield node, ast.Set([*members[:place], *members[place + 1 :]])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield node, ast.BinOp(left, ast.Sub(), right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                yield node, ast.BinOp(left, ast.Add(), right)


def mutants(source: str) -> list[Mutant]:
    """Every mutant of ``source``."""
    starts = [0]
    for line in source.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for node, other in changes(ast.parse(source)):
        first, last = starts[node.lineno - 1] + node.col_offset, starts[_end(node)[0] - 1] + _end(node)[1]
        whole, new = source.encode(), ast.unparse(ast.fix_missing_locations(other))
        text = (whole[:first] + new.encode() + whole[last:]).decode()
        found.append(Mutant(node.lineno, whole[first:last].decode(), new, text))
    return found


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _at_run_time(child)


def _end(node: ast.expr) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


def tests_of(module: Path) -> tuple[list[Path], list[Path]]:
    """The tests of the room that ``module`` stands in, with the quick ones of the rooms around it: near, and others.

    Near are the files that name the package of ``module``, the quick ones first. Most mutants end there; only who
    survives them meets the rest of the room. A room without tests of its own has those of other rooms that name it.
    """
    folder = ROOT / "tests" / module.parent.relative_to(ROOT / "app")
    while not folder.is_dir():
        folder = folder.parent
    around = [above / name for above in folder.parents for name in _QUICK if (above / name).is_file()]
    every = sorted([*folder.rglob("test_*.py"), *around], key=lambda path: (path.name not in _QUICK, path))
    package = re.escape(".".join(module.parent.relative_to(ROOT).parts))
    named = re.compile(rf"\b{package}( import|\.{module.stem})\b")
    near = [path for path in every if named.search(path.read_text("utf-8"))] or every
    others = [path for path in every if path not in near]
    return near, [] if folder in {ROOT / "tests", ROOT / "tests" / "features"} else others


def are_content(tests: Iterable[Path], *, compiling: bool = False) -> bool:
    """Whether all ``tests`` pass. What is ``compiling`` keeps what it compiles for those that come after it."""
    options = ["-x", "-q", "--engine", "sqlite", "-m", "not browser", "-p", "no:cacheprovider"]
    aside = {} if compiling else {"PYTHONDONTWRITEBYTECODE": "1"}  # what is compiled is told apart by size and second
    try:
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *map(str, tests)],
            cwd=ROOT,
            env={**os.environ, **aside},
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return False
    if code < 0:
        sys.exit(f"the tests were ended from outside, by signal {-code}: {' '.join(map(str, tests))}")
    return code in {0, _NONE}


@cache
def _were_content(tests: tuple[Path, ...]) -> bool:
    return are_content(tests, compiling=True)  # once a room, for all its modules


def survives(mutant: Mutant, module: Path) -> bool:
    """Whether no test fails, or hangs, with ``mutant`` in the place of ``module``."""
    whole = module.read_bytes()
    module.write_text(mutant.text, "utf-8", newline="")
    try:
        near, others = tests_of(module)
        return are_content(near) and (not others or are_content(others))
    finally:
        module.write_bytes(whole)


def _end_in_order(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)  # and so the module is put back


def main() -> int:
    """Try some mutants of each module; 1 when one survived."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("modules", nargs="*", type=Path, help="files to change; all rules by default")
    asked.add_argument("--each", type=int, default=6, help="mutants of each module")
    asked.add_argument("--seed", type=int, default=20261129)
    given = asked.parse_args()
    modules = [path.resolve() for path in given.modules] or sorted(chain.from_iterable(map((ROOT / "app").glob, RULES)))
    survived = tried = 0
    for module in modules:
        name = module.relative_to(ROOT)
        if not _were_content(tuple(sorted(chain(*tests_of(module))))):
            sys.exit(f"{name}: its tests fail before anything is changed")
        known = mutants(module.read_text("utf-8"))
        chosen = random.Random(f"{given.seed} {name}").sample(known, min(given.each, len(known)))
        for mutant in sorted(chosen):
            if survives(mutant, module):
                survived += 1
                print(f"survived: {name}:{mutant.line}: {mutant.old} -> {mutant.new}", flush=True)
        tried += len(chosen)
        print(f"{name}: {len(chosen)} of {len(known)} tried", flush=True)
    print(f"{tried - survived} of {tried} noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end_in_order)
    sys.exit(main())

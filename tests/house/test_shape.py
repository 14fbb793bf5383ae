"""Who knows the noun finds the folder, who knows the question finds the file; and no file is two."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.house.sources import PROJECT_DIR, place, python_files, templates, tree

MOST_LINES = 300
WIDEST_LINE = 160
"""Signs in a line of a template: about what stands beside a second file on a screen."""
AT_THE_EDGE = {
    "routes.py": {"fastapi", "starlette", "jinja2"},
    "door.py": {"fastapi"},
    "pages.py": {"fastapi", "starlette"},  # routes that several features share
    "commands.py": {"typer", "rich"},
}
"""Which files of a feature may know the outer world, and which part of it; all others are called by these."""
OUTER_WORLD = frozenset({"fastapi", "starlette", "jinja2", "typer", "rich", "click"})
AGREED_NAMES = frozenset({"errors.py", "rules.py", "models.py", "forms.py", "queries.py", "service.py", "routes.py"})


def strangers(name: str, module: ast.Module) -> Iterator[str]:
    """What a feature's file ``name`` imports of HTTP, pages and terminals without being the file for it."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=aliases):
                imported = [alias.name for alias in aliases]
            case ast.ImportFrom(module=str(source)):
                imported = [source]
            case _:
                continue
        packages = {name.split(".")[0] for name in imported}
        yield from sorted(packages & OUTER_WORLD - AT_THE_EDGE.get(name, set()))


def too_long(path: Path) -> bool:
    """Whether a file has grown past what is read in one go."""
    return len(path.read_text("utf-8").splitlines()) > MOST_LINES


def too_wide(path: Path) -> list[int]:
    """The numbers of a template's lines that nobody reads to their end."""
    lines = path.read_text("utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if len(line) > WIDEST_LINE]


def unread(source: str) -> list[str]:
    """The parameters of a template's macros that no word of the macro reads: ``empty(symbol)``."""
    found = []
    for macro in Environment(extensions=["jinja2.ext.i18n"]).parse(source).find_all(nodes.Macro):
        read = {name.name for name in macro.find_all(nodes.Name) if name.ctx == "load"}
        found += [f"{macro.name}({given.name})" for given in macro.args if given.name not in read]
    return found


def forgotten(module: ast.Module) -> list[str]:
    """What ``module`` keeps to itself and never names again: a reminder that is in no stream."""
    made = [
        one.name
        for one in module.body
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name.startswith("_") and not one.decorator_list
    ]
    named = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    return [name for name in made if name not in named]


def broken_contracts(folder: Path) -> str:
    """What import-linter says of the contracts in ``pyproject.toml`` of ``folder``; nothing where all are kept."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_each_floor_and_room_knows_only_those_below_it():
    assert broken_contracts(PROJECT_DIR) == ""


def test_the_check_of_contracts_can_fail(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        """
        [tool.importlinter]
        root_packages = ["house"]
        [[tool.importlinter.contracts]]
        name = "The cellar knows no roof"
        type = "layers"
        layers = ["house.roof", "house.cellar"]
        """,
        encoding="utf-8",
    )
    (tmp_path / "house").mkdir()
    for name, source in {"__init__": "", "roof": "", "cellar": "from house import roof\n"}.items():
        (tmp_path / "house" / f"{name}.py").write_text(source, encoding="utf-8")
    assert "The cellar knows no roof BROKEN" in broken_contracts(tmp_path)


def test_features_meet_the_outer_world_at_their_edge():
    found = [
        f"{place(path)} imports {package}"
        for path in python_files("app/features")
        for package in strangers(path.name, tree(path))
    ]
    assert not found, "\n".join(found)


def test_every_feature_is_told_apart_by_the_same_names():
    folders = [folder for folder in (PROJECT_DIR / "app" / "features").iterdir() if (folder / "__init__.py").exists()]
    assert folders
    nameless = [folder for folder in folders if not AGREED_NAMES & {file.name for file in folder.glob("**/*.py")}]
    assert [place(folder) for folder in nameless] == []


def test_what_a_module_keeps_to_itself_it_uses():
    found = [f"{place(path)}: {name}" for path in python_files("app") for name in forgotten(tree(path))]
    assert found == []


def test_the_check_of_what_is_forgotten_can_fail():
    assert forgotten(ast.parse("def _due(): ...\ndef _words(): ...\nprint(_words)")) == ["_due"]


def test_no_file_is_too_long():
    assert [place(path) for path in python_files() if too_long(path)] == []


def test_the_check_of_lengths_can_fail(tmp_path):
    long = tmp_path / "long.py"
    long.write_text("pass\n" * (MOST_LINES + 1), encoding="utf-8")
    assert too_long(long)


def test_no_line_of_a_template_is_too_wide():
    found = [f"{place(path)}:{number}" for path in templates() for number in too_wide(path)]
    assert not found, "break it between tags or inside {{ … }}; {%- keeps white space away: " + ", ".join(found)


def test_the_check_of_widths_can_fail(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(f"<p>\n{'愿' * WIDEST_LINE}\n{'愿' * (WIDEST_LINE + 1)}\n</p>\n", encoding="utf-8")
    assert too_wide(page) == [3]


def test_a_macro_reads_what_it_is_given():
    assert [f"{place(path)}: {one}" for path in templates() for one in unread(path.read_text("utf-8"))] == []


def test_the_check_of_macros_can_fail():
    assert unread("{% macro empty(title, symbol='sun') %}{{ title }}{% endmacro %}") == ["empty(symbol)"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("service.py", "from fastapi import Request"),
        ("queries.py", "import starlette.responses"),
        ("rules.py", "def show():\n    import rich"),
        ("routes.py", "import typer"),
    ],
)
def test_the_check_of_the_edge_can_fail(name, source):
    assert list(strangers(name, ast.parse(source)))


def test_the_edge_may_know_the_outer_world():
    assert list(strangers("routes.py", ast.parse("from fastapi import Request"))) == []
    assert list(strangers("commands.py", ast.parse("import typer"))) == []

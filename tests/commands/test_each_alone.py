"""``sanliang --help`` is quick: only the command that is run is imported."""

import re
import subprocess
import sys

import pytest

from app.cli import COMMANDS, loaded

HELP: str = "import sys; from app.cli import commands; commands(['--help'], standalone_mode=False); "
WHAT_IT_LOADED: str = "print(*(name for name in sys.modules if name.split('.')[0] in ('app', 'sqlalchemy', 'fastapi')))"


def test_the_list_of_commands_imports_none_of_them():
    done = subprocess.run([sys.executable, "-c", HELP + WHAT_IT_LOADED], capture_output=True, text=True, check=True)
    *shown, last = done.stdout.splitlines()
    assert all(any(name in line for line in shown) for name in COMMANDS)
    assert last.split() == ["app", "app.cli"]


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_list_says_of_a_command_it_says_itself(name):
    command = loaded(name)
    assert command.name == name
    assert " ".join(command.help.split("\n\n")[0].split()) == COMMANDS[name][1]


def test_it_says_which_version_it_is():
    done = subprocess.run([sys.executable, "-m", "app.cli", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"Sanliang \d+\.\d+\.\d+\n", done.stdout)


HEAVY = ("alembic", "webauthn", "pypinyin", "apprise", "rich", "python_calamine", "psycopg")
A_WORKER = "import sys; from app.main import create_app; create_app(); "


def test_a_worker_loads_what_few_requests_need_with_the_first_of_them():
    """Memory of each worker: the schema's tools 10 MB, passkeys 14, how Chinese is read 55."""
    asked = A_WORKER + "print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    done = subprocess.run([sys.executable, "-c", asked, *HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

"""The tool that changes the rules finds a hole in their tests, and is silent where there is none."""

import pytest

from tools import mutate

RULES = """# 规则
from typing import Literal
DAYS: Literal[3] = 3  # 天
def said(days: int) -> str:
    return f"晚了：{days > DAYS}"
"""
BORDERS = "import runpy\nsaid = runpy.run_path('app/rules.py')['said']\ndef test_late():\n    assert "


@pytest.mark.parametrize(
    ("tests", "survivors"),
    [
        ("said(4) > said(2)", ["app/rules.py:5: days > DAYS -> days >= DAYS"]),
        ("said(4) > said(3)", []),
    ],
    ids=["a hole", "none"],
)
def test_who_survives_is_named(tmp_path, monkeypatch, capsys, tests, survivors):
    for name, text in {
        "app/rules.py": RULES,
        "tests/test_rules.py": BORDERS + tests,
        "conftest.py": "def pytest_addoption(parser): parser.addoption('--engine')",
        "pytest.ini": "[pytest]\nmarkers = browser",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["mutate", str(tmp_path / "app/rules.py")])
    assert mutate.main() == bool(survivors)
    said = capsys.readouterr().out.splitlines()
    assert [line.removeprefix("survived: ") for line in said if line.startswith("survived")] == survivors
    assert said[-1] == f"{2 - len(survivors)} of 2 noticed"
    assert (tmp_path / "app/rules.py").read_text("utf-8") == RULES

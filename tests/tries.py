"""Cases for the rules as an auditor asks them: the worked examples, and what an answer must hold."""

import json
import re
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from app.core.tried import results
from app.tried import KINDS

EXAMPLES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "examples" / "try.json").read_text(encoding="utf-8")
)

NUMBER = re.compile(r"-?\d+(\.\d+)?")


def answers(kind: str, cases: list[Any]) -> list[dict[str, Any]]:
    """What the rules say to a list of cases."""
    found: list[dict[str, Any]] = json.loads(
        results(import_module(f"app.features.{KINDS[kind]}.tried").CASES[kind], json.dumps(cases))
    )
    return found


def answer(kind: str, case: Any) -> dict[str, Any]:
    """What the rules say to one case."""
    return answers(kind, [case])[0]


def holds(answer: Any, expected: Any) -> bool:
    """Whether an answer says at least what is expected of it; ``{"error": true}`` is any refusal."""
    if expected == {"error": True}:
        return isinstance(answer, dict) and set(answer) <= {"error", "field"} and isinstance(answer["error"], str)
    if isinstance(expected, dict):
        return isinstance(answer, dict) and all(
            name in answer and holds(answer[name], value) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(answer, list)
            and len(answer) == len(expected)
            and all(holds(one, other) for one, other in zip(answer, expected, strict=True))
        )
    if (
        isinstance(expected, str)
        and isinstance(answer, str)
        and NUMBER.fullmatch(expected)
        and NUMBER.fullmatch(answer)
    ):
        return Decimal(expected) == Decimal(answer)
    return bool(answer == expected)

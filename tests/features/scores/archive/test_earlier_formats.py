"""What an earlier version archived is proved for good, also where it counted less than this one."""

import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from app.features.ledger.chain import Entry
from app.features.ledger.rules import FactType
from app.features.scores.archive import snapshot
from app.features.scores.rule_set import rule_set

STORED = (Path(__file__).parent / "data/format-1.json").read_text(encoding="utf-8").rstrip("\n")
"""As it was written where wishes, appraisals and reviews were left out."""
NOBODY = UUID(int=0)


def again(content):
    """The text that facts and rules give now."""
    rows = [
        Entry(
            **{key: fact[key] for key in ("seq", "grade", "quantity", "source", "source_id", "matter", "note")},
            branch_id=UUID(fact["branch"]),
            id=UUID(fact["id"]),
            member_id=NOBODY,
            fact_type=FactType(fact["type"]),
            occurred_on=date.fromisoformat(fact["occurred_on"]),
            counts_in=date.fromisoformat(fact["counts_in"]),
            recorded_by_id=NOBODY,
            confirmed_by_id=None,
            reversal_of=None,
            posted_at=datetime.fromisoformat(fact["posted_at"]),
        )
        for fact in content["facts"]
    ]
    given = {key: value for key, value in content.items() if key not in snapshot.COMPOSED}
    return snapshot.canonical(snapshot.compose(given, rows, rule_set(content["rules"]["version"])))


def test_a_text_of_format_1_is_made_again_byte_for_byte():
    assert again(json.loads(STORED)) == STORED


def test_what_is_archived_now_has_advice_also_where_something_is_left_out():
    sheet = json.loads(again(json.loads(STORED) | {"format": snapshot.FORMAT}))["sheet"]
    assert sheet["maximum"] < sheet["whole"]
    assert (sheet["advice"] is None, sheet["double_good_lines"] == []) == (False, False)

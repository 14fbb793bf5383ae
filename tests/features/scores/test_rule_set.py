"""A rule set is checked before it is used; whatever cannot stand is refused with its place and reason."""

import copy
import json

import pytest

from app.features.scores.errors import RuleSetRefusedError, UnknownRuleSetError
from app.features.scores.rule_set import RULE_SETS_DIR, read_rule_set, rule_set, versions
from tests.features.scores.facts import appraisals, facts, line, sheet

PUBLISHED = json.loads((RULE_SETS_DIR / "2026.1.json").read_text(encoding="utf-8"))
A1, A2, B1, B2, C1, D1, D2 = (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (3, 0), (3, 1)


@pytest.fixture
def draft():
    return copy.deepcopy(PUBLISHED)


def rule(draft, place):
    section, number = place
    return draft["sections"][section]["rules"][number]


def refusals(draft):
    with pytest.raises(RuleSetRefusedError) as refused:
        read_rule_set(json.dumps(draft))
    assert refused.value.refusals
    assert "%" not in refused.value.sentence.replace("percent", "")
    return "\n".join(refused.value.refusals)


def test_every_version_that_comes_with_the_product_can_be_used():
    assert "2026.1" in versions()
    for version in versions():
        assert rule_set(version).version == version


def test_an_unknown_version_names_the_known_ones():
    with pytest.raises(UnknownRuleSetError) as refused:
        rule_set("../2026.1")
    assert "2026.1" in refused.value.sentence


def test_a_file_with_another_version_inside_is_refused(tmp_path, monkeypatch, draft):
    (tmp_path / "2027.1.json").write_text(json.dumps(draft), encoding="utf-8")
    monkeypatch.setattr("app.features.scores.rule_set.RULE_SETS_DIR", tmp_path)
    with pytest.raises(RuleSetRefusedError, match="refused") as refused:
        rule_set("2027.1")
    assert "2026.1" in refused.value.sentence


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("study.minutes", "学习时长"),
        ("app.login", "不得强制定期登录"),
        ("app.online_time", "统计在线时长"),
        ("study.streak", "打卡签到"),
        ("article.likes", "点赞量"),
        ("app.install", "安装使用率"),
    ],
)
@pytest.mark.parametrize("field", ["facts", "kept"])
def test_a_forbidden_fact_type_is_refused_with_its_place_and_the_clause(draft, name, clause, field):
    place, part = (B2, 0) if field == "facts" else (A2, 0)
    rule(draft, place)["parts"][part][field] = [name]
    said = refusals(draft)
    assert clause in said
    assert name in said
    assert f"sections.{place[0]}.rules.{place[1]}.parts.{part}" in said


def test_an_unknown_fact_type_is_refused(draft):
    rule(draft, B2)["parts"][0]["facts"] = ["study.song"]
    assert "study.song" in refusals(draft)


CHANGES = {
    "a field nobody knows": lambda draft: draft.update(rank="yes"),
    "no title": lambda draft: draft.pop("title"),
    "an empty title": lambda draft: draft.update(title=" "),
    "a strange version": lambda draft: draft.update(version="next"),
    "points as a float": lambda draft: rule(draft, B2).update(maximum=6.0),
    "points as a truth": lambda draft: rule(draft, B2).update(maximum=True),
    "points with three places": lambda draft: rule(draft, B2).update(maximum="6.001"),
    "points that are no number": lambda draft: rule(draft, B2).update(maximum="many"),
    "a kind of counting nobody knows": lambda draft: rule(draft, B2)["parts"][0].update(kind="fastest"),
    "a part without a kind": lambda draft: rule(draft, B2)["parts"][0].pop("kind"),
    "no parts": lambda draft: rule(draft, B2).update(parts=[]),
    "no facts": lambda draft: rule(draft, B2)["parts"][0].update(facts=[]),
    "a fact type twice in a part": lambda draft: rule(draft, B2)["parts"][0].update(facts=["study.session"] * 2),
    "a fact type in two parts": lambda draft: rule(draft, B2)["parts"][1].update(facts=["study.session"]),
    "a fact type in two sections": lambda draft: rule(draft, C1)["parts"][1].update(facts=["study.session"]),
    "nothing for each": lambda draft: rule(draft, B2)["parts"][0].update(each="0"),
    "a cap below one fact": lambda draft: rule(draft, B1)["parts"][0].update(cap="1"),
    "a negative cap": lambda draft: rule(draft, B1)["parts"][0].update(cap="-12"),
    "a limit of none a month": lambda draft: rule(draft, B2)["parts"][1].update(per_month=0),
    "quantities of facts without any": lambda draft: rule(draft, B2)["parts"][0].update(kind="quantity"),
    "a grade without points": lambda draft: rule(draft, A1)["parts"][0]["points"].pop("poor"),
    "points for an unknown grade": lambda draft: rule(draft, A1)["parts"][0]["points"].update(perfect="9"),
    "matters of facts without any": lambda draft: rule(draft, A1)["parts"][0].update(kind="highest_per_matter"),
    "a mean above its full quantity": lambda draft: rule(draft, D1)["parts"][0].update(full="9"),
    "a start above the maximum": lambda draft: rule(draft, C1).update(start="11"),
    "a rule above its section": lambda draft: rule(draft, C1).update(maximum="11"),
    "a rule that cannot reach its maximum": lambda draft: rule(draft, D2)["parts"][1].update(cap="2"),
    "quarters that cannot reach the maximum": lambda draft: rule(draft, A1)["parts"][0].update(expected=3),
    "a section that cannot reach its maximum": lambda draft: draft["sections"][3]["rules"].pop(),
    "sections that do not make the whole": lambda draft: draft.update(maximum="90"),
    "a rule id twice": lambda draft: rule(draft, A2).update(id="A1"),
    "a section id twice": lambda draft: draft["extra"].update(id="D"),
    "additional points that never count": lambda draft: draft["extra"].update(needs="101"),
    "an unknown advice": lambda draft: draft["advice"][0].update(advice="top"),
    "advice out of order": lambda draft: draft["advice"].reverse(),
    "advice that does not end at nothing": lambda draft: draft["advice"].pop(),
    "double good without its section": lambda draft: draft["double_good"][0].update(sections=["Z"]),
    "double good that counts a section twice": lambda draft: draft["double_good"][0].update(sections=["A", "A"]),
    "double good beyond its sections": lambda draft: draft["double_good"][0].update(at_least="41"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_cannot_stand_is_refused(draft, change):
    read_rule_set(json.dumps(draft))
    change(draft)
    refusals(draft)


def test_all_refusals_come_at_once(draft):
    rule(draft, B2)["parts"][0]["facts"] = ["app.login"]
    rule(draft, A2)["parts"][0]["kept"] = ["study.minutes"]
    assert len(refusals(draft).splitlines()) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": "2026.1"'])
def test_what_is_no_rule_set_at_all_is_refused(text):
    with pytest.raises(RuleSetRefusedError):
        read_rule_set(text)


def test_a_new_rule_set_changes_numbers_caps_and_maxima_without_code(draft):
    draft["version"] = "2027.1"
    rule(draft, A1)["maximum"] = "20"
    rule(draft, A1)["parts"][0] |= {"points": {"good": "5", "fairly_good": "4", "average": "3", "poor": "1"}}
    draft["sections"][0]["maximum"] = "30"
    draft["double_good"][0]["at_least"] = "25"
    rule(draft, D1)["maximum"] = "20"
    rule(draft, D1)["parts"][0]["points"] = "20"
    draft["sections"][3]["maximum"] = "30"
    rule(draft, B1)["parts"][0] |= {"each": "-3", "cap": "15"}
    rule(draft, B2)["parts"][1]["per_month"] = 1
    draft["extra"]["needs"] = "0"
    new = read_rule_set(json.dumps(draft))
    year = [
        *appraisals("good", "poor"),
        facts("review.result", quantity=805, in_month=12),
        facts("attendance.absent", 9),
        facts("study.item", 9),
        facts("bonus.suggestion"),
    ]
    worth = {name: line(name, *year, rules=new).points for name in ("A1", "D1", "B1", "B2", "E2")}
    assert worth == {"A1": 600, "D1": 1610, "B1": 900, "B2": 20, "E2": 100}
    assert line("D1", *year, rules=new).steps[0].formula == "20 × 8.05 ÷ 10 = 16.1"
    assert sheet(*year, rules=new).version == "2027.1"


def test_a_limit_a_month_and_a_limit_a_year_hold_together(draft):
    rule(draft, B2)["parts"][1]["per_year"] = 3
    new = read_rule_set(json.dumps(draft))
    items = [facts("study.item", 5, in_month=number) for number in (1, 2, 3)]
    assert line("B2", *items, rules=new).points == 60


def test_grades_that_are_not_awaited_have_no_limit_but_the_rule(draft):
    del rule(draft, A1)["parts"][0]["expected"]
    one = line("A1", *appraisals("poor"), rules=read_rule_set(json.dumps(draft)))
    assert (one.points, one.possible, one.awaited) == (0, 3000, 0)

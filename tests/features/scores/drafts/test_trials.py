"""A rule set is tried: numbers without people for who publishes it, names for a branch, the own sheet for everybody."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import select

from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.scores.drafts.models import RuleSetDraft
from app.features.scores.models import PublishedRuleSet, RulePeriod
from app.features.scores.trials import rules, service
from app.features.scores.trials.models import RuleTrial
from app.features.scores.trials.rules import Counts
from tests.features.scores.drafts.test_drafting import fields, who
from tests.features.scores.makers import make_facts
from tests.makers import HTMX, as_member, make_member
from tests.page import page

pytestmark = pytest.mark.usefixtures("may")
MARCH = [date(2026, 3, day) for day in (3, 10, 17)]


@pytest.fixture
def draft(client, database, bea):
    """An approved study item gives 0.3 instead of 0.2; it waits to be published."""
    client.post("/rules/2026.1/copy", headers=who(bea))
    with database.read() as session:
        made = session.scalars(select(RuleSetDraft)).one()
    typed = fields(client, bea, made, "B2") | {"parts.1.each": "0.3"}
    client.post(f"/rules/drafts/{made.id}/edit/B2", headers=who(bea), data=typed)
    client.post(f"/rules/drafts/{made.id}/propose", headers=who(bea), data={"year": "2027"})
    return made


@pytest.fixture
def p1(given, alice):
    """The first person of the worked examples."""
    facts = [
        *(
            (FactType.APPRAISAL_QUARTER, [date(2026, month, 28)], {"grade": grade})
            for month, grade in zip((3, 6, 9, 12), ("good", "good", "fairly_good", "good"), strict=True)
        ),
        (FactType.PLEDGE_KEPT, [date(2026, 3, 1), date(2026, 4, 1)], {}),
        (FactType.PLEDGE_MISSED, [date(2026, 3, 1)], {}),
        (FactType.PLEDGE_EXCUSED, [date(2026, 3, 1)], {}),
        (FactType.ATTENDANCE_ABSENT, [date(2026, 2, 1)], {}),
        (FactType.ATTENDANCE_LATE, [date(2026, 2, 1)], {}),
        (FactType.STUDY_ITEM, MARCH, {}),
        (FactType.STUDY_SESSION, [date(2026, 3, 1)], {}),
        (FactType.STUDY_QUIZ_PASSED, [date(2026, 3, 1)], {}),
        (FactType.REVIEW_RESULT, [date(2026, 12, 31)], {"quantity": 933}),
        (FactType.SERVICE_WISH_REALISED, [date(2026, 5, 1)], {}),
        (FactType.SERVICE_HALF_DAY, [date(2026, 5, 1)], {"quantity": 200}),
        (FactType.BONUS_LECTURE, [date(2026, 5, 1)], {}),
    ]
    for kind, days, said in facts:
        given(make_facts, alice, kind, *days, **said)
    return alice


def run(client, person, draft, through="2026-05", headers=()):
    said = {"rules": str(draft.id), "through": through}
    client.post("/trials", headers=who(person), data=said)
    for _turn in range(20):
        soup = page(client.get(f"/trials?rules={draft.id}", headers=who(person)))
        if soup.select_one("form[action='/trials/go-on']") is None:
            return soup
        client.post("/trials/go-on", headers={**who(person), **dict(headers)})
    raise AssertionError("the trial does not end")


def test_the_worked_example(client, given, draft, p1, all_kept):
    with_december = client.get(f"/trials/mine?rules={draft.id}&through=2026-05", headers=who(p1))
    text = " ".join(page(with_december).main.text.split())
    assert "1.4 → 1.6" in text
    assert re.search(r"0\.2 → 0\.3", text)
    assert "unchanged" in text


def test_the_worked_example_over_the_whole_year(client, draft, p1, all_kept, request):
    with time_machine.travel(datetime(2026, 12, 31, 4, tzinfo=UTC), tick=False):
        text = page(client.get(f"/trials/mine?rules={draft.id}&through=2026-12", headers=who(p1))).main.text
    assert "83.4 → 83.6" in " ".join(text.split())
    assert "unchanged" in text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_bea_sees_numbers_and_no_people(
    client, database, given, draft, bea, branch, other_branch, monkeypatch, headers
):
    people = [given(make_member, branch, f"党员{number}") for number in range(30)]
    for person in people[:12]:
        given(make_facts, person, FactType.STUDY_ITEM, *MARCH)
    given(make_facts, given(make_member, other_branch, "独一"), FactType.STUDY_ITEM, *MARCH)
    monkeypatch.setattr(service, "AT_ONCE", 10)
    monkeypatch.setattr(service, "STRETCH_S", 0.0)
    with database.read() as session:
        before = [session.query(model).count() for model in (PublishedRuleSet, RulePeriod, RuleSetDraft)]
    soup = run(client, bea, draft, headers=headers)
    text = " ".join(soup.main.text.split())
    assert "12" in soup.select_one(".fig").text
    assert "<5" in text, "one sheet of the other branch"
    assert "独一" not in text
    assert not any(person.name in text for person in people)
    assert "left out of these numbers" in text, "13 - 12 would say it"
    with database.read() as session:
        assert [session.query(model).count() for model in (PublishedRuleSet, RulePeriod, RuleSetDraft)] == before
        assert AuditAction.RULES_TRIED in session.scalars(select(AuditEntry.action)).all()


def test_a_trial_ends_when_it_is_told_to_and_nothing_of_it_stays(client, database, draft, bea):
    client.post("/trials", headers=who(bea), data={"rules": str(draft.id), "through": "2026-05"})
    client.post("/trials/cancel", headers=who(bea), data={"rules": str(draft.id), "through": "2026-05"})
    with database.read() as session:
        assert session.query(RuleTrial).count() == 0
    assert client.post("/trials/go-on", headers=who(bea)).status_code == 409


def test_sam_sees_whose_sheets_of_the_branch_change_by_group_and_name(
    client, given, draft, sam, oscar, alice, bob, dora
):
    for person in (bob, dora, alice):
        given(make_facts, person, FactType.STUDY_ITEM, *MARCH)
    address = f"/trials/branch?rules={draft.id}&through=2026-05"
    soup = page(client.get(address, headers=who(sam)))
    assert [name.text for name in soup.select("main b.t")] == ["艾莉", "包波", "窦兰"]
    assert not re.search(r"\d\.\d", " ".join(one.text for one in soup.select("main .row"))), "nobody's points"
    opened = page(client.get(soup.select_one("main a.row")["href"], headers=who(sam)))
    assert "0.4 → 0.6" in " ".join(opened.main.text.split())
    assert client.get(soup.select_one("main a.row")["href"], headers=who(oscar)).status_code == 404
    assert client.get(address, headers=who(alice)).status_code == 403


def test_what_is_still_edited_is_not_tried_by_everybody(client, database, draft, bea, alice, sam):
    client.post(f"/rules/drafts/{draft.id}/return", headers=who(bea))
    for person, address in ((alice, "mine"), (sam, "branch")):
        assert client.get(f"/trials/{address}?rules={draft.id}", headers=who(person)).status_code == 404
    for person in (alice, sam):
        assert client.get(f"/trials?rules={draft.id}", headers=as_member(person)).status_code == 403


BRANCHES = st.dictionaries(
    st.uuids(),
    st.integers(0, 12).flatmap(lambda sheets: st.builds(Counts, st.just(sheets), st.integers(0, sheets))),
    min_size=1,
    max_size=6,
)


@for_all(BRANCHES)
def test_no_small_number_can_be_found_by_subtraction(counted):
    """Whoever adds and subtracts what is shown finds every number that a hidden cell can have still possible."""
    shown = rules.result(counted)
    hidden = [(branch, of) for branch, cell, of in shown.branches if cell.number is None]
    for _branch, cell, of in shown.branches:
        if cell.number is not None:
            assert min(cell.number, of - cell.number) >= 5
    if shown.left_out or shown.changed.number is None:
        return
    rest = shown.changed.number - sum(cell.number for _branch, cell, _of in shown.branches if cell.number is not None)
    ranges = [possible(shown, branch) for branch, _of in hidden]
    for mine, others in ((one, ranges[:n] + ranges[n + 1 :]) for n, one in enumerate(ranges)):
        for value in mine:
            assert sum(map(min, others)) <= rest - value <= sum(map(max, others))


def possible(shown, branch):
    (cell, of) = next((cell, of) for one, cell, of in shown.branches if one == branch)
    return range(min(5, of + 1)) if cell.is_small else range(max(5, of - 4), of + 1)

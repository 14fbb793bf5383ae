"""Whose sheet has a score, who is advised, and what a missing result means: by the period, not by today."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import update

from app.features.ledger.rules import FactType
from app.features.members.models import Exemption, Member
from app.features.members.rules import ExemptionKind, MemberStatus, Role
from app.features.members.service import move_member
from tests.features.scores.makers import make_facts, words
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

ON_20_JANUARY = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
IN_APRIL = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def bea(given, committee):
    return given(make_member, committee, "毕业", roles=(Role.BUSINESS_ADMINISTRATOR,))


def of_sheet(client, whom, address="/sheet/2026"):
    return page(client.get(address, headers=ENGLISH | as_member(whom)))


@pytest.mark.parametrize(
    ("spans", "has_score"),
    [
        ([("2026-01-01", "2026-06-30")], True),  # 181 days, and over
        ([("2026-01-01", "2026-03-31"), ("2026-06-01", "2026-09-02")], False),  # 184 days in two times
        ([("2026-12-30", "2027-03-31")], False),  # two days, but the last one of the year
        ([("2027-01-05", None)], True),  # later
    ],
)
def test_exempt_at_the_end_or_for_more_than_182_days_has_no_score(client, given, alice, year_over, spans, has_score):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2026, 3, 9))
    for first, last in spans:
        days = {"starts_on": date.fromisoformat(first), "ends_on": last and date.fromisoformat(last)}
        given(lambda session, days=days: session.add(Exemption(member_id=alice.id, kind=ExemptionKind.LEAVE, **days)))
    assert bool(of_sheet(client, alice).select(".year")) is has_score


def test_who_became_full_in_the_year_is_advised_and_who_did_later_is_not(client, given, branch, year_over):
    for name, confirmed, has_lines in (("早转", "2026-05-20", True), ("晚转", "2027-01-08", False)):
        one = given(make_member, branch, name)
        given(make_facts, one, FactType.STUDY_ITEM, date(2026, 3, 9))
        given(lambda session, one=one, day=confirmed: session.execute(
            update(Member).where(Member.id == one.id).values(confirmed=day)
        ))  # fmt: skip
        soup = of_sheet(client, one)
        assert soup.select(".year")
        assert bool(soup.select("#double-good")) is has_lines
        spring = of_sheet(client, one, "/sheet/2026?through=2026-03")
        assert words(spring.select_one(".advice")) == "scored, not graded"
    now = given(make_member, branch, "预备", status=MemberStatus.PROBATIONARY)
    given(make_facts, now, FactType.STUDY_ITEM, date(2026, 3, 9))
    assert words(of_sheet(client, now).select_one(".advice")) == "scored, not graded"


def test_a_review_that_is_not_held_is_awaited_and_never_nothing(client, given, alice, all_kept):
    for number, month in enumerate((3, 6, 9, 12)):
        given(
            make_facts, alice, FactType.APPRAISAL_QUARTER, date(2026, month, 28), grade="good", source_id=f"q{number}"
        )
    with time_machine.travel(ON_20_JANUARY, tick=False):
        soup = of_sheet(client, alice)
        assert words(soup.select_one("#line-D1 .amount")) == "– / 10"
        assert "up to 10" in words(soup.select_one("#line-D1 .next"))
        assert words(soup.select_one("#line-B2 .amount")) == "0 / 6"
        assert soup.select("#line-B2 .next") == []  # the year takes no facts any more
        assert words(soup.select_one(".advice")) == "No advice yet: 1 result is still to come"
    with time_machine.travel(IN_APRIL, tick=False):
        soup = of_sheet(client, alice)
        assert words(soup.select_one("#line-D1 .amount")) == "– / 10"
        assert words(soup.select_one(".advice")) == "No advice: 1 result never came"


def test_zhao_who_moved_has_one_sheet_and_each_line_says_where_its_facts_come_from(
    client, given, branch, other_branch, sam, oscar, bea, all_kept
):
    zhao = given(make_member, branch, "赵迁")
    with time_machine.travel(datetime(2026, 6, 30, 2, 0, tzinfo=UTC), tick=False):
        given(make_facts, zhao, FactType.ATTENDANCE_ABSENT, date(2026, 5, 10))
    with time_machine.travel(datetime(2026, 7, 1, 2, 0, tzinfo=UTC), tick=False):
        given(move_member, bea.actor, member_id=zhao.id, branch_id=other_branch.id)
    with time_machine.travel(datetime(2026, 12, 31, 2, 0, tzinfo=UTC), tick=False):
        given(make_facts, zhao, FactType.SERVICE_WISH_REALISED, date(2026, 9, 9), branch_id=other_branch.id)
        soup = page(client.get(f"/members/{zhao.id}/sheet", headers=ENGLISH | as_member(oscar)))
        assert client.get(f"/members/{zhao.id}/sheet", headers=as_member(sam)).status_code == 404
        assert words(soup.select_one("#line-B1 .amount")) == "22 / 24"
        assert words(soup.select_one("#line-D2 .amount")) == "2 / 6"
        assert f"with facts from {branch.name}" in words(soup.select_one("#line-B1 summary"))
        assert "with facts from" not in words(soup.select_one("#line-D2 summary"))
        line = page(client.get(f"/members/{zhao.id}/sheet/2026/lines/B1", headers=ENGLISH | as_member(oscar)))
        assert f"from {branch.name}" in words(line.select_one(".line-facts .row"))
        paper = page(client.get("/sheets/print", headers=ENGLISH | as_member(oscar)))
        assert f"with facts from {branch.name}" in paper.main.get_text()

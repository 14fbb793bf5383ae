"""One duty for several at once: by whole groups and posts, in the form and in lists."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest

from app.core.ids import new_id
from app.features.members.rules import Role
from app.features.shows.duties import assigning, queries, whom
from app.features.shows.duties.errors import NobodyChosenError
from app.features.shows.duties.review_kind import describe, detail_of
from app.features.shows.duties.rules import DutyKind, DutyResult
from tests.features.shows.duties.test_life import SAID

WANG, LI, ZHAO, SUN = (UUID(int=number) for number in range(1, 5))
ONE, TWO = UUID(int=11), UUID(int=12)
PEOPLE = [
    SimpleNamespace(id=WANG, group_id=ONE, group_name="第一党小组"),
    SimpleNamespace(id=LI, group_id=ONE, group_name="第一党小组"),
    SimpleNamespace(id=ZHAO, group_id=TWO, group_name="第二党小组"),
    SimpleNamespace(id=SUN, group_id=None, group_name=None),
]
POSTS = {WANG: [Role.GROUP_LEADER], ZHAO: [Role.GROUP_LEADER, Role.ORGANISATION], SUN: [Role.SECRETARY]}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("全体党员", {WANG, LI, ZHAO, SUN}),
        ("支部全体党员", {WANG, LI, ZHAO, SUN}),
        ("第一党小组", {WANG, LI}),
        ("第1小组", {WANG, LI}),
        ("一组全体成员", {WANG, LI}),
        ("各党小组组长", {WANG, ZHAO}),
        ("各小组长", {WANG, ZHAO}),
        ("第二党小组组长", {ZHAO}),
        ("支委会成员", {ZHAO, SUN}),
        ("支部书记", {SUN}),
        ("组织委员", {ZHAO}),
        ("第三党小组", set()),
        ("宣传委员", set()),
        ("张三", set()),
        ("组", set()),
    ],
)
def test_the_usual_words_name_people(said, meant):
    assert set(whom.named(said, whom.wholes_of(PEOPLE, POSTS), POSTS)) == meant


@pytest.mark.parametrize("name", ["第十二党小组", "第12党小组", "第012小组", "十二组"])
@pytest.mark.parametrize("said", ["第十二党小组", "12组", "第 12 党小组全体党员", "第十二小组组长"])
def test_a_group_is_known_by_a_number_of_two_figures(name, said):
    twelfth, second = SimpleNamespace(id=WANG, group_id=ONE, group_name=name), PEOPLE[2]
    assert whom.named(said, whom.wholes_of([second, twelfth], POSTS), POSTS) == (WANG,)


@pytest.mark.parametrize(
    ("names", "said", "meant"),
    [
        (["第一党小组"], "党小组", {WANG}),
        (["第一党小组"], "党小组全体党员", {WANG}),
        (["第一党小组", "第二党小组"], "党小组", set()),
        (["党小组", "第二党小组"], "党小组", {WANG}),
        (["党小组", "第二党小组"], "党员", set()),
        (["第一党小组"], "组", set()),
    ],
)
def test_a_group_without_a_number_is_the_only_one_or_the_one_called_so(names, said, meant):
    people = [
        SimpleNamespace(id=person, group_id=UUID(int=place), group_name=name)
        for place, (person, name) in enumerate(zip((WANG, ZHAO), names, strict=False), 50)
    ]
    assert set(whom.named(said, whom.wholes_of(people, {}), {})) == meant


def test_a_whole_of_nobody_is_not_offered():
    assert [whole.key for whole in whom.wholes_of(PEOPLE[1:2], {})] == ["all", str(ONE)]


def test_sam_gives_one_duty_to_all_and_nobody_has_it_twice(session, alice, bob, sam, olga):
    number = assigning.assign_duty(
        session, sam.actor, id=new_id(), member_ids=[alice.id], wholes=["all", "committee"], **SAID
    )
    holders = [duty.responsible_id for duty in queries.unsettled(session, sam.branch_id)]
    assert {alice.id, bob.id, sam.id} <= set(holders)
    assert olga.id not in holders
    assert number == len(holders) == len(set(holders))


def test_for_nobody_it_is_refused(session, sam):
    with pytest.raises(NobodyChosenError):
        assigning.assign_duty(session, sam.actor, id=new_id(), member_ids=[], wholes=["unknown"], **SAID)


def test_an_objective_reason_stands_in_the_queue():
    said = {"kind": DutyKind.WORK, "due_on": date(2026, 3, 20), "ended_on": date(2026, 3, 18)}
    reason = "岗位调整"
    assert reason in describe(detail_of(result=DutyResult.OBJECTIVE, sentence=reason, **said))
    assert reason not in describe(detail_of(result=DutyResult.DONE, sentence=reason, **said))
    assert describe(detail_of(result=DutyResult.OBJECTIVE, **said))  # handed in before the reason was noted there

"""Posts and remarks in the words of rosters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.members.rules import ExemptionKind, Role
from app.features.roster.sheet.posts import BRANCH_POSTS, branch_posts, exemption


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("支部书记", {Role.SECRETARY}),
        ("书记", {Role.SECRETARY}),
        ("党支部书记", {Role.SECRETARY}),
        ("副书记", {Role.DEPUTY}),
        ("支部副书记", {Role.DEPUTY}),
        ("组织委员", {Role.ORGANISATION}),
        ("支委会宣传委员", {Role.PUBLICITY}),
        ("纪律检查委员", {Role.DISCIPLINE}),
        ("组织、宣传委员", {Role.ORGANISATION, Role.PUBLICITY}),
        ("组织宣传委员", {Role.ORGANISATION, Role.PUBLICITY}),
        ("副书记兼纪检委员", {Role.DEPUTY, Role.DISCIPLINE}),
        ("副书记（兼任组织委员）", {Role.DEPUTY}),
        ("党小组组长", {Role.GROUP_LEADER}),
        ("第一党小组组长", {Role.GROUP_LEADER}),
        ("党小组长", {Role.GROUP_LEADER}),
        ("组长", {Role.GROUP_LEADER}),
        ("Deputy secretary and publicity commissioner", {Role.DEPUTY, Role.PUBLICITY}),
        ("党员", set()),
        ("无", set()),
    ],
)
def test_known_posts(written, roles):
    assert branch_posts(written) == (frozenset(roles), ())


def test_blank_says_nothing_and_takes_nothing_away():
    assert branch_posts("") == (None, ())


def test_unknown_words_are_named_and_take_nothing_away():
    assert branch_posts("青年委员") == (None, ("青年委员",))
    assert branch_posts("组织委员、青年委员") == (frozenset({Role.ORGANISATION}), ("青年委员",))


@pytest.mark.parametrize("written", ["党总支书记", "机关党委书记", "系统管理员", "党务干部"])
def test_posts_above_the_branch_are_never_given_by_a_file(written):
    assert branch_posts(written)[0] is None


def test_what_goes_out_comes_back():
    assert branch_posts("、".join(BRANCH_POSTS.values())) == (frozenset(BRANCH_POSTS), ())


@pytest.mark.parametrize(
    ("remark", "kind"),
    [
        ("长期病休", ExemptionKind.ILLNESS),
        ("退休", ExemptionKind.RETIRED),
        ("2024年3月退休", ExemptionKind.RETIRED),
        ("借调省委办公厅", ExemptionKind.SECONDED),
        ("年老体弱", ExemptionKind.AGE),
        ("产假", ExemptionKind.LEAVE),
        ("借调期满", None),
        ("退休返聘", None),
        ("病休结束,已返岗", None),
        ("先进党员", None),
        ("", None),
    ],
)
def test_remarks_that_exempt(remark, kind):
    assert exemption(remark) is kind


@given(st.text())
def test_reading_never_raises(text):
    branch_posts(text)
    exemption(text)

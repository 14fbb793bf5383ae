"""Good rows are written in one go and bad ones not at all; a second time nothing changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.errors import ForbiddenError
from app.features.imports import service as imports
from app.features.imports.lists import Placed
from app.features.imports.rows import RowVerdict
from app.features.imports.service import table_of
from app.features.members.models import AuditEntry, Exemption, Member, Organisation, RoleTerm
from app.features.members.rules import ExemptionKind, MemberStatus, OrganisationKind, Role, Sex
from app.features.roster.importer import Importer, importer
from app.features.roster.listing import ROSTER as ROSTER_LIST
from app.features.roster.rules import NoOrganError, ProblemCode
from tests.features.members.makers import audit_rows, make_business_administrator, make_exemption, make_term
from tests.features.roster.makers import ROSTER, ROSTER_BRANCHES, import_file, roster_file, tally
from tests.makers import make_branch, make_committee, make_group, make_member
from tests.races import race


@pytest.fixture
def branches(session):
    return [make_branch(session, name) for name in ROSTER_BRANCHES]


def member(session, name):
    return session.scalars(select(Member).where(Member.name == name)).one()


def posts_of(session, member_id):
    """The posts held today, with the name of the place."""
    terms = select(RoleTerm.role, Organisation.name).join(Organisation, Organisation.id == RoleTerm.organisation_id)
    return {
        (role.value, place)
        for role, place in session.execute(
            terms.where(RoleTerm.member_id == member_id, func.coalesce(RoleTerm.ends_on, date.max) >= clock.today())
        )
    }


def test_the_real_roster_into_three_branches_and_again(session, branches):
    plan = import_file(session, ROSTER.read_bytes())

    assert tally(plan) == {"new": 70, "problem": 6}
    again = import_file(session, ROSTER.read_bytes())
    assert tally(again) == {"same": 70, "problem": 6}
    assert [row.problems for row in again.having(RowVerdict.PROBLEM)] == [
        row.problems for row in plan.having(RowVerdict.PROBLEM)
    ]
    count = select(func.count()).where(Member.branch_id.in_([branch.id for branch in branches]))
    assert session.scalar(count) == 70


def test_the_real_roster_with_missing_branches_created(empty_database):
    with empty_database.write() as session:
        root = make_committee(session)
        plan = import_file(session, ROSTER.read_bytes(), create_branches=True)

        assert tally(plan) == {"new": 71, "problem": 5}
        assert plan.new_branches == (*ROSTER_BRANCHES, "火星探测党支部")
        assert tally(import_file(session, ROSTER.read_bytes())) == {"same": 71, "problem": 5}
        made = session.scalars(select(Organisation).where(Organisation.name == "火星探测党支部")).one()
        assert (made.parent_id, made.kind) == (root.id, OrganisationKind.BRANCH)


def test_everything_a_row_says_is_written_down(session, branches):
    import_file(session, ROSTER.read_bytes())

    ill = member(session, "沈芳")
    assert (ill.phone, ill.born, ill.joined, ill.sex) == ("13307666193", "1969-03-08", "1996-08-06", Sex.FEMALE)
    assert (ill.post, ill.note, ill.status, ill.branch_id) == ("处长", "长期病休", MemberStatus.FULL, branches[0].id)
    assert ill.pinyin.startswith("shen3")
    assert session.get_one(Organisation, ill.group_id).name == "第一党小组"
    assert posts_of(session, ill.id) == {("publicity", "办公室党支部")}
    exemption = session.scalars(select(Exemption).where(Exemption.member_id == ill.id)).one()
    assert (exemption.kind, exemption.ends_on, exemption.note) == (ExemptionKind.ILLNESS, None, "长期病休")
    assert posts_of(session, member(session, "史伟").id) == {("group_leader", "第二党小组")}
    assert member(session, "顾桂娟").status is MemberStatus.PROBATIONARY


def test_each_addition_and_change_leaves_an_audit_row(session, branch, sam):
    rows = roster_file(("新来", branch.name, "13700000001", "一组", "宣传委员", "借调"))
    import_file(session, rows, importer(sam.actor))

    added, group, post, exemption = sorted(
        (row for row in audit_rows(session)), key=lambda row: row[0] != "member_added"
    )
    assert added[:2] == ("member_added", "新来")
    assert added[2]["phone"] == [None, "137****0001"]
    assert {row[0] for row in (group, post, exemption)} == {"organisation_added", "post_given", "exemption_given"}
    import_file(session, roster_file(("新来", branch.name, "13700000009")), importer(sam.actor))
    assert audit_rows(session)[-1] == ("member_changed", "新来", {"phone": ["137****0001", "137****0009"]})


def test_the_log_says_what_somebody_is_as_it_does_for_one_member(session, branch):
    headings = ("姓名", "党支部", "手机号码", "性别", "是否预备党员")
    for probationary in ("是", "否"):
        row = ("新来", branch.name, "13700000001", "女", probationary)
        import_file(session, roster_file(row, headings=headings))
    added, changed = (words for action, _name, words in audit_rows(session) if action.startswith("member"))
    assert (added["sex"], added["status"]) == ([None, "female"], [None, "probationary"])
    assert changed == {"status": ["probationary", "full"]}


def test_a_second_import_leaves_no_audit_row(session, branch):
    rows = roster_file(("新来", branch.name, "13700000001", "一组", "组织委员", "借调"))
    import_file(session, rows)
    before = len(audit_rows(session))

    import_file(session, rows)
    assert len(audit_rows(session)) == before


def test_known_people_are_changed_where_the_file_says_so(session, alice, bob, branch):
    make_group(session, branch, "第二党小组")
    import_file(
        session,
        roster_file(
            ("艾莉", branch.name, alice.phone, "第二 党小组", "副书记", ""),
            ("包波", branch.name, bob.phone, "", "", ""),
        ),
    )

    assert posts_of(session, alice.id) == {("deputy", branch.name)}
    groups = {row.name: row.id for row in session.execute(select(Organisation.name, Organisation.id))}
    assert session.get_one(Member, alice.id).group_id == groups["第二党小组"]
    assert session.get_one(Member, bob.id).group_id == bob.group_id


def test_posts_change_hands_from_one_day_to_the_next(session, alice, sam, branch):
    import_file(
        session,
        roster_file(("艾莉", branch.name, alice.phone, "", "书记"), ("沈山", branch.name, sam.phone, "", "党员")),
    )

    assert posts_of(session, alice.id) == {("secretary", branch.name)}
    assert posts_of(session, sam.id) == set()
    ended = session.scalars(select(RoleTerm).where(RoleTerm.member_id == sam.id)).one()
    assert ended.ends_on == clock.today() - timedelta(days=1)
    given = session.scalars(select(RoleTerm).where(RoleTerm.member_id == alice.id)).one()
    assert (given.starts_on, given.ends_on) == (clock.today(), None)


def test_a_post_given_and_taken_on_one_day_never_was(session, alice, branch):
    for post in ("组织委员", "党员"):
        import_file(session, roster_file(("艾莉", branch.name, alice.phone, "", post)))

    assert session.scalars(select(RoleTerm).where(RoleTerm.member_id == alice.id)).all() == []


def test_a_leader_who_changes_the_group_leads_the_new_one(session, alice, branch):
    for group in ("第一党小组", "第三党小组"):
        import_file(session, roster_file(("艾莉", branch.name, alice.phone, group, "组长")))
    assert posts_of(session, alice.id) == {("group_leader", "第三党小组")}


def test_terms_and_exemptions_that_begin_later_are_not_given_twice(session, alice, group, branch):
    later = clock.today() + timedelta(days=9)
    make_term(session, alice, group, Role.GROUP_LEADER, later)
    make_exemption(session, alice, ExemptionKind.SECONDED, later)

    plan = import_file(session, roster_file(("艾莉", branch.name, alice.phone, "", "组长", "借调")))
    assert [change.column.value for row in plan.rows for change in row.changes] == ["note"]
    assert [row.exempts for row in plan.rows] == [None]


def test_moving_to_another_branch(session, sam, other_branch, alice, branch):
    admin = make_business_administrator(session, other_branch, branch)
    plan = import_file(session, roster_file(("沈山", other_branch.name, sam.phone)), importer(admin.actor))

    assert tally(plan) == {"changed": 1}
    assert session.get_one(Member, sam.id).branch_id == other_branch.id
    assert posts_of(session, sam.id) == set()
    assert ("member_moved", "沈山", {"branch": [branch.name, other_branch.name]}) in audit_rows(session)
    told = select(AuditEntry.action, AuditEntry.place_id).where(AuditEntry.action.like("member_moved%"))
    assert set(session.execute(told).all()) == {("member_moved_away", branch.id), ("member_moved", other_branch.id)}


def test_sam_reaches_only_the_own_branch(session, sam, olga, other_branch, branch):
    plan = import_file(
        session,
        roster_file(
            ("欧歌", other_branch.name, olga.phone),
            ("欧歌", "", olga.phone),
            ("新来", "", "13700000001"),
            ("别处", "火星党支部", "13700000002"),
        ),
        importer(sam.actor),
        create_branches=True,
    )

    assert [row.problems[0].code if row.problems else None for row in plan.rows] == [
        ProblemCode.UNKNOWN_BRANCH,
        ProblemCode.PHONE_TAKEN,
        None,
        ProblemCode.UNKNOWN_BRANCH,
    ]
    assert "owner" not in plan.rows[1].problems[0].values  # Sam is not told whose number it is
    assert member(session, "新来").branch_id == branch.id
    assert session.get_one(Member, olga.id).branch_id == other_branch.id


def test_sam_decides_nothing_about_himself(session, sam, branch):
    plan = import_file(session, roster_file(("沈山", branch.name, sam.phone, "", "党员", "退休")), importer(sam.actor))

    assert posts_of(session, sam.id) == {("secretary", branch.name)}
    assert session.scalars(select(Exemption)).all() == []
    assert [note.code.value for note in plan.rows[0].notes] == ["own_record"]


def test_alice_imports_nobody(alice):
    with pytest.raises(ForbiddenError):
        importer(alice.actor)


def test_who_has_left_is_a_problem_and_the_number_stays_taken(session, branch):
    left = make_member(session, branch, "离开", left_on=clock.today())
    plan = import_file(session, roster_file(("离开", branch.name, left.phone), ("别人", branch.name, left.phone)))
    assert [row.problems[0].code for row in plan.rows] == [ProblemCode.HAS_LEFT, ProblemCode.PHONE_TAKEN]


def test_a_member_number_is_drawn_where_the_file_has_none(session, branch):
    rows = roster_file(
        ("甲", branch.name, "13700000001", ""),
        ("乙", branch.name, "", "K77"),
        headings=("姓名", "所在党支部", "手机号码", "人员编号"),
    )
    import_file(session, rows)

    assert len(member(session, "甲").member_number) == 9
    assert (member(session, "乙").member_number, member(session, "乙").phone) == ("K77", None)


def test_branches_need_something_to_hang_below(empty_database):
    with empty_database.write() as session, pytest.raises(NoOrganError):
        import_file(session, ROSTER.read_bytes(), create_branches=True)


def test_a_thousand_rows_need_few_statements(database, statements, branch):
    rows = roster_file(*((f"人{number}", branch.name, f"137{number:08}") for number in range(1000)))
    with database.write() as session:
        assert tally(import_file(session, rows, Importer(branch_id=branch.id))) == {"new": 1000}
    assert len(statements) < 40


@pytest.mark.race
def test_officers_who_import_the_same_file_at_once_take_nobody_in_twice(database, branch, sam, dora):
    rows = roster_file(*((f"人{number}", branch.name, f"137{number:08}") for number in range(50)))

    def act(number):
        with database.write() as session:
            return tally(import_file(session, rows, importer((sam, dora)[number % 2].actor)))

    assert sorted(race(6, act), key=str) == [{"new": 50}, *[{"same": 50}] * 5]


@pytest.mark.race
def test_a_file_confirmed_by_many_taps_is_imported_once(database, given, branch, sam):
    table = table_of(ROSTER_LIST, roster_file(("甲", branch.name, "13700000001"), ("乙", branch.name, "137")))
    upload = given(
        imports.keep_upload, sam.actor, ROSTER_LIST, file_name="x", table=table, placed=Placed(branch.id, {})
    )

    def act(_number):
        with database.write() as session:
            return imports.confirm(session, sam.actor, ROSTER_LIST, upload_id=upload.id).outcome

    outcomes = race(8, act)
    assert {(done["new"], done["returned"]) for done in outcomes} == {(1, 1)}
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.name == "甲")) == 1

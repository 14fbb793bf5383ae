"""New, changed, same or a problem: what an import would do with each row."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.imports.rows import RowVerdict, reason
from app.features.members.rules import ExemptionKind, MemberStatus, Role
from app.features.members.standing import Side
from app.features.roster.plan.verdicts import plan_import
from app.features.roster.rules import (
    SENTENCES,
    Change,
    ExistingBranch,
    ExistingMember,
    ExistingRoster,
    ExistingSecretary,
    NoteCode,
    ProblemCode,
    ReadPerson,
    RosterRow,
    note_sentence,
    side_towards,
)
from app.features.roster.sheet.columns import Column

ALICE = ReadPerson(
    name="艾莉",
    branch="一支部",
    group="一组",
    phone="13800000001",
    member_number="A1",
    born="1980-01",
    status=MemberStatus.FULL,
    roles=frozenset(),
)
BRANCHES = (ExistingBranch(uuid4(), "一支部", groups=("一组",)), ExistingBranch(uuid4(), "二支部"))


def member(entry=ALICE, **more):
    return ExistingMember(uuid4(), entry, **more)


def roster(*members, **more):
    secretaries = {
        member.entry.branch: ExistingSecretary(member.id, member.entry.name)
        for member in members
        if Role.SECRETARY in member.entry.roles and not member.has_left
    }
    return ExistingRoster(branches=BRANCHES, members=members, secretaries=secretaries, **more)


def plan(*entries, existing=None, create_branches=False):
    rows = [RosterRow(number, (), entry) for number, entry in enumerate(entries, 4)]
    return plan_import(rows, existing or roster(), create_branches=create_branches)


def entry(name="包波", phone="13800000002", branch="一支部", **more):
    return ReadPerson(name=name, phone=phone, branch=branch, **more)


def verdicts(plan):
    return [row.verdict.value for row in plan.rows]


def codes(plan):
    return [row.problems[0].code if row.problems else None for row in plan.rows]


def test_somebody_unknown_is_new():
    (row,) = plan(entry()).rows
    assert (row.verdict, row.member_id, row.problems) == (RowVerdict.NEW, None, ())


@pytest.mark.parametrize(
    "says",
    [
        entry("艾莉", "13800000001"),
        ALICE,
        replace(ALICE, phone=None),
        replace(ALICE, phone=None, member_number=""),
        replace(ALICE, branch="一支部 ", born="1980", roles=None),
    ],
    ids=["phone", "everything", "number", "name", "less exact"],
)
def test_a_row_that_adds_nothing_is_the_same(says):
    alice = member()
    (row,) = plan(says, existing=roster(alice)).rows
    assert (row.verdict, row.member_id, row.changes) == (RowVerdict.SAME, alice.id, ())


def test_changes_name_the_field_with_before_and_after():
    says = replace(ALICE, post="处长", born="1980-01-05", roles=frozenset({Role.SECRETARY, Role.ORGANISATION}))
    (row,) = plan(says, existing=roster(member())).rows

    assert row.verdict is RowVerdict.CHANGED
    assert set(row.changes) == {
        Change(Column.BORN, "1980-01", "1980-01-05"),
        Change(Column.ROLES, "", "支部书记、组织委员"),
        Change(Column.POST, "", "处长"),
    }


def test_a_post_is_taken_away_only_by_saying_so():
    secretary = member(replace(ALICE, roles=frozenset({Role.SECRETARY})))

    assert verdicts(plan(replace(ALICE, roles=None), existing=roster(secretary))) == ["same"]
    (row,) = plan(replace(ALICE, roles=frozenset()), existing=roster(secretary)).rows
    assert row.changes == (Change(Column.ROLES, "支部书记", ""),)


def test_moving_to_another_branch_ends_posts_and_group_there():
    secretary = member(replace(ALICE, roles=frozenset({Role.SECRETARY})))
    (row,) = plan(entry("艾莉", "13800000001", "二支部"), existing=roster(secretary)).rows

    assert set(row.changes) == {
        Change(Column.BRANCH, "一支部", "二支部"),
        Change(Column.GROUP, "一组", ""),
        Change(Column.ROLES, "支部书记", ""),
    }


def test_a_remark_exempts_once():
    says = replace(ALICE, exemption=ExemptionKind.ILLNESS)

    (row,) = plan(says, existing=roster(member())).rows
    assert (row.verdict, row.exempts) == (RowVerdict.CHANGED, ExemptionKind.ILLNESS)
    assert [note.code for note in row.notes] == [NoteCode.EXEMPT]
    assert note_sentence(row.notes[0])
    exempt = member(exemptions=frozenset({ExemptionKind.ILLNESS}))
    assert verdicts(plan(says, existing=roster(exempt))) == ["same"]


def test_a_new_phone_is_found_by_name_and_branch_and_noted():
    (row,) = plan(entry("艾莉", "13899999999"), existing=roster(member())).rows

    assert row.changes == (Change(Column.PHONE, "13800000001", "13899999999"),)
    assert [note.code for note in row.notes] == [NoteCode.MATCHED_BY_NAME]


def test_a_namesake_born_on_another_day_is_somebody_new():
    assert verdicts(plan(entry("艾莉", "13899999999", born="1990-02"), existing=roster(member()))) == ["new"]


def test_namesakes_are_told_apart_by_phone_or_not_at_all():
    other = member(replace(ALICE, phone="13800000009", member_number="A9"))
    existing = roster(member(), other)

    assert verdicts(plan(ALICE, entry("艾莉", "13800000009"), existing=existing)) == ["same", "same"]
    assert codes(plan(entry("艾莉", "13899999999"), existing=existing)) == [ProblemCode.AMBIGUOUS_PERSON]
    both_new = plan(entry("艾莉", "13877777777"), entry("艾莉", "13866666666"), existing=roster(member()))
    assert codes(both_new) == [ProblemCode.AMBIGUOUS_PERSON] * 2
    assert verdicts(plan(entry("艾莉", "13877777777"), entry("艾莉", "13866666666"))) == ["new", "new"]


def test_a_correction_of_the_name_needs_phone_and_number():
    assert verdicts(plan(replace(ALICE, name="艾丽"), existing=roster(member()))) == ["changed"]
    assert codes(plan(entry("艾丽", "13800000001"), existing=roster(member()))) == [ProblemCode.PHONE_TAKEN]
    assert codes(plan(entry("艾丽", None, member_number="A1"), existing=roster(member()))) == [ProblemCode.NUMBER_TAKEN]


def test_a_number_of_somebody_else_is_a_problem_and_names_them():
    in_file = plan(entry(), entry("艾莉", "13800000002"))
    assert codes(in_file) == [None, ProblemCode.PHONE_TAKEN]
    assert "包波" in reason(in_file.rows[1].problems, SENTENCES)
    by_number = plan(entry(member_number="7"), entry("艾莉", "13800000003", member_number="7"))
    assert codes(by_number) == [None, ProblemCode.NUMBER_TAKEN]
    known = plan(entry("包波", "13800000001"), existing=roster(member()))
    assert codes(known) == [ProblemCode.PHONE_TAKEN]
    bob = member(replace(ALICE, name="包波", phone="13800000002", member_number="B1"))
    crossed = plan(replace(ALICE, phone="13800000002"), existing=roster(member(), bob))
    assert codes(crossed) == [ProblemCode.PHONE_TAKEN]


def test_numbers_of_branches_out_of_reach_are_taken_by_nobody_named():
    existing = roster(phones_elsewhere=frozenset({"13800000002"}), numbers_elsewhere=frozenset({"7"}))

    (row,) = plan(entry(), existing=existing).rows
    assert row.problems[0].code is ProblemCode.PHONE_TAKEN
    assert "%(" not in reason(row.problems, SENTENCES)
    assert codes(plan(entry(phone="13800000003", member_number="7"), existing=existing)) == [ProblemCode.NUMBER_TAKEN]


def test_the_same_person_twice_is_a_problem_the_second_time():
    again = plan(entry(), entry(), replace(ALICE), replace(ALICE, phone=None), existing=roster(member()))

    assert codes(again) == [None, ProblemCode.DUPLICATE_ROW, None, ProblemCode.DUPLICATE_ROW]
    assert "4" in reason(again.rows[1].problems, SENTENCES)


def test_a_row_with_a_problem_keeps_no_number_from_a_good_one():
    assert verdicts(plan(entry(branch="火星"), entry())) == ["problem", "new"]


def test_somebody_new_needs_a_phone_or_a_member_number():
    assert codes(plan(entry(phone=None))) == [ProblemCode.MISSING_PHONE]
    assert verdicts(plan(entry(phone=None, member_number="7"))) == ["new"]


def test_who_has_left_is_not_taken_back_by_a_file():
    assert codes(plan(ALICE, existing=roster(member(has_left=True)))) == [ProblemCode.HAS_LEFT]


@pytest.mark.parametrize("written", ["办公室党支部", "办公室支部", "中共办公室党支部委员会", "办公室 党支部"])
def test_a_branch_is_known_under_its_usual_names(written):
    existing = ExistingRoster(branches=(ExistingBranch(uuid4(), "办公室党支部"), *BRANCHES))
    (row,) = plan(entry(branch=written), existing=existing).rows
    assert row.entry.branch == "办公室党支部"


def test_branches_that_are_missing_unknown_or_not_clear():
    assert codes(plan(entry(branch=""))) == [ProblemCode.MISSING_BRANCH]
    assert codes(plan(entry(branch="三支部"))) == [ProblemCode.UNKNOWN_BRANCH]
    twice = ExistingRoster(branches=(ExistingBranch(uuid4(), "办公室党支部"), ExistingBranch(uuid4(), "办公室支部")))
    assert codes(plan(entry(branch="中共办公室支部"), existing=twice)) == [ProblemCode.AMBIGUOUS_BRANCH]


def test_who_looks_after_one_branch_need_not_name_it():
    (row,) = plan(entry(branch=""), existing=roster(home="二支部")).rows
    assert row.entry.branch == "二支部"


def test_unknown_branches_are_created_on_wish_under_their_first_spelling():
    made = plan(
        entry(branch="三支部"),
        entry("甲", "13800000003", "三 支部"),
        entry("", None, "四支部"),
        create_branches=True,
    )
    assert made.new_branches == ("三支部",)
    assert {row.entry.branch for row in made.rows[:2]} == {"三支部"}


def test_groups_are_known_under_their_first_spelling():
    made = plan(
        entry(group="一 组"),
        entry("甲", "13800000003", group="二组"),
        entry("乙", "13800000004", group="二 组"),
        existing=roster(member()),
    )
    assert [row.entry.group for row in made.rows] == ["一组", "二组", "二组"]


SECRETARY = frozenset({Role.SECRETARY})
DEPUTY = frozenset({Role.DEPUTY})


def test_a_branch_has_one_secretary():
    sam = member(replace(ALICE, roles=SECRETARY))

    (row,) = plan(entry(roles=SECRETARY), existing=roster(sam)).rows
    assert (row.verdict, row.entry.roles) == (RowVerdict.NEW, frozenset())
    assert [note.code for note in row.notes] == [NoteCode.SECRETARY_HELD]
    assert "艾莉" in note_sentence(row.notes[0])
    first, second = plan(entry(roles=SECRETARY), entry("甲", "13800000003", roles=SECRETARY)).rows
    assert (first.entry.roles, second.entry.roles) == (SECRETARY, frozenset())
    assert "包波" in note_sentence(second.notes[0])


def test_a_secretary_hands_over_in_one_file():
    sam = member(replace(ALICE, roles=SECRETARY))
    handed_over = plan(entry(roles=SECRETARY), replace(ALICE, roles=frozenset()), existing=roster(sam))

    assert [row.entry.roles for row in handed_over.rows] == [SECRETARY, frozenset()]
    assert not any(row.notes for row in handed_over.rows)


def test_who_does_not_become_secretary_stays_what_they_are():
    bob = member(replace(ALICE, name="包波", phone="13800000002", member_number="B1", roles=DEPUTY))
    sam = member(replace(ALICE, roles=SECRETARY))

    (row,) = plan(entry(roles=SECRETARY), existing=roster(sam, bob)).rows
    assert (row.verdict, row.entry.roles) == (RowVerdict.SAME, DEPUTY)


def test_a_group_leader_needs_a_group():
    leader = frozenset({Role.GROUP_LEADER})

    (row,) = plan(entry(roles=leader)).rows
    assert row.entry.roles == frozenset()
    assert [note.code for note in row.notes] == [NoteCode.LEADER_WITHOUT_GROUP]
    (row,) = plan(entry(roles=leader, group="一组")).rows
    assert (row.entry.roles, row.notes) == (leader, ())


@pytest.mark.parametrize(
    "says",
    [
        {"roles": SECRETARY},
        {"status": MemberStatus.PROBATIONARY},
        {"exemption": ExemptionKind.RETIRED},
        {"branch": "二支部"},
    ],
)
def test_nobody_decides_on_the_own_record(says):
    alice = member()

    (row,) = plan(replace(ALICE, **says), existing=roster(alice, importer_id=alice.id)).rows
    assert (row.verdict, row.changes, row.exempts) == (RowVerdict.SAME, (), None)
    assert [note.code for note in row.notes] == [NoteCode.OWN_RECORD]
    assert verdicts(plan(replace(ALICE, **says), existing=roster(alice))) == ["changed"]


def test_the_own_address_may_be_corrected_by_oneself():
    alice = member()
    (row,) = plan(replace(ALICE, post="处长"), existing=roster(alice, importer_id=alice.id)).rows
    assert (row.verdict, row.notes) == (RowVerdict.CHANGED, ())


ENTRIES = st.builds(
    ReadPerson,
    name=st.sampled_from(["艾莉", "包波", "沈山"]),
    branch=st.sampled_from(["一支部", "二支部", "火星"]),
    phone=st.sampled_from([None, "13800000001", "13800000002", "13800000003"]),
    member_number=st.sampled_from(["", "A1", "7"]),
    born=st.sampled_from([None, "1980", "1980-01", "1990-01-01"]),
    roles=st.sampled_from([None, frozenset(), frozenset({Role.SECRETARY})]),
    exemption=st.sampled_from([None, ExemptionKind.AGE]),
)


@given(st.lists(ENTRIES, max_size=8))
def test_what_was_imported_is_the_same_the_second_time(entries):
    """Whatever the file: importing it again neither adds nor changes anybody."""
    existing = roster(member())
    first = plan(*entries, existing=existing)
    second = plan(*entries, existing=after(first, existing))

    assert {row.row.number for row in second.rows if row.verdict in (RowVerdict.NEW, RowVerdict.CHANGED)} <= {
        row.row.number for row in first.having(RowVerdict.PROBLEM)
    }
    numbers = [row.entry.phone for row in first.rows if row.verdict is not RowVerdict.PROBLEM and row.entry.phone]
    assert len(numbers) == len(set(numbers))


def after(plan, existing):
    """The roster once the plan is carried out."""
    members = {known.id: known for known in existing.members}
    for number, row in enumerate(plan.rows):
        if row.verdict is RowVerdict.NEW:
            made = replace(row.entry, member_number=row.entry.member_number or f"N{number}")
            new = ExistingMember(uuid4(), made, exemptions=frozenset({row.exempts} - {None}))
            members[new.id] = new
        elif row.verdict is RowVerdict.CHANGED:
            known = members[row.member_id]
            members[known.id] = replace(known, entry=row.entry, exemptions=known.exemptions | ({row.exempts} - {None}))
    return roster(*members.values())


def test_who_imports_stands_beside_the_own_branch_and_above_all_others():
    roster = ExistingRoster(home_side=Side.BESIDE, own_branch="一支部")
    assert (side_towards(roster, "一支部"), side_towards(roster, "二支部")) == (Side.BESIDE, Side.ABOVE)

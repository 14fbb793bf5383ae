"""What a committee reads of reports: by name, in numbers, and nothing that is about fewer than five people.

The strongest test: for each small number of any branch there is another truth with which page, paper and file would
be the very same, sums included. What cannot be told apart cannot be computed.
"""

import io
from collections import defaultdict
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine
from hypothesis import given as over
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.cells import SMALL_CELL
from app.core.ids import new_id
from app.features.board.reports import counting, queries, routes
from app.features.board.reports.models import StudyReport
from app.features.board.reports.rules import Numbers, Share, above, sums, upward
from tests.makers import ENGLISH, as_member, make_branch
from tests.page import page

BRANCHES = "/study/reports/branches/2026/3"
MOST = 16
"""People of a branch in the worlds that are compared."""


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(datetime(2026, 10, 12, 2, tzinfo=UTC), tick=False):
        yield


def of(part, whole):
    """A share of people, each once."""
    return Share(part, whole, part, whole - part, whole)


def numbers(*, on_track=(12, 17), present=(20, 23), records=(30, 6, 0), quiz=(6, 5, 10), made_up=0, sessions=1):
    """A report: records confirmed, returned, waiting; of a quiz, who did not take part, did not pass, passed."""
    received, (_away, failed, passed) = sum(records), quiz
    return Numbers(
        planned=(5, 6),
        sessions=sessions,
        present=of(*present),
        confirmed=Share(records[0], received, records[0], received - records[0], received, 0),
        returned=Share(records[1], received, records[1], received - records[1], received, 0),
        waiting=records[2],
        reasons=(),
        quizzes=1,
        taken=of(failed + passed, sum(quiz)),
        passed=of(passed, failed + passed),
        missed=(),
        on_track=of(*on_track),
        made_up=made_up,
        made_up_people=made_up,
    )


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (12, 17, "12/17 · 71%"),  # the worked example, study §9
        (3, 4, "<5"),
        (2, 17, "<5/17"),
        (15, 17, "≥13/17"),
        (17, 17, "≥13/17"),
        (5, 7, "…/7"),
        (0, 0, "–"),
        (1, 200, "<5/200"),
        (5, 10, "5/10 · 50%"),
        (5, 11, "5/11 · 45%"),
        (29, 40, "29/40 · 73%"),  # 72.5 half-up
    ],
)
def test_a_share_goes_upward_with_its_denominator_and_nothing_of_a_few(part, whole, words):
    assert above(of(part, whole)).words == words


def test_few_people_who_may_stand_behind_many_times_are_no_number_of_times():
    share = Share(8, 30, 2, 10, 10, 3)  # two people, eight times of thirty
    assert above(share).words == "…/30"


def test_two_numbers_of_a_row_leave_nothing_small_between_them():
    cells = [cell.words for cell in upward(numbers(records=(30, 6, 2), quiz=(6, 5, 10)))]
    assert cells[3:9] == ["38", "30/38 · 79%", "…/38", "1", "15/21 · 71%", "10/15 · 67%"]
    cells = [cell.words for cell in upward(numbers(records=(30, 6, 8), quiz=(2, 5, 10)))]
    assert cells[3:9] == ["44", "30/44 · 68%", "6/44 · 14%", "1", "≥13/17", "…"]


def worlds(group):
    """Every truth of one group of columns that is compared, by what is shown of it."""
    found = defaultdict(list)
    for truth in truths(group):
        row = upward(numbers(**{group: truth}))
        found[tuple(row)].append(truth)
    return found


def truths(group):
    if group in {"on_track", "present"}:
        return [(part, whole) for whole in range(2 * MOST) for part in range(whole + 1)]
    if group == "made_up":
        return range(MOST)
    parts = range(MOST)
    return [(a, b, c) for a in parts for b in parts for c in parts if a + b + c <= MOST]


def small(group, truth):
    """The numbers of fewer than five people in a truth: what counts, and what is left of its denominator."""
    atoms = {"on_track": lambda t: (t[0], t[1] - t[0]), "present": lambda t: (t[0], t[1] - t[0])}
    values = (truth,) if group == "made_up" else atoms.get(group, lambda t: t)(truth)
    return {place: value for place, value in enumerate(values) if value < SMALL_CELL}


def value(group, truth, place):
    if group == "made_up":
        return truth
    return (truth[0], truth[1] - truth[0])[place] if group in {"on_track", "present"} else truth[place]


GROUPS = ("on_track", "present", "records", "quiz", "made_up")


@pytest.mark.parametrize("group", GROUPS)
def test_of_every_small_number_another_one_would_look_the_same(group):
    for shown, same in worlds(group).items():
        for truth in same:
            if group in {"quiz", "records"} and not sum(truth):
                continue  # nothing was there
            if group in {"on_track", "present"} and not truth[1]:
                continue
            for place, there in small(group, truth).items():
                others = {value(group, other, place) for other in same}
                assert others - {there}, (group, truth, place, [cell.words for cell in shown])


@over(st.data())
def test_no_table_tells_a_small_number_of_any_branch(data):
    """With sums: exchanging the truth of one branch for another of the same looks changes no cell of the table."""
    group = data.draw(st.sampled_from(("on_track", "quiz", "records")))
    if group not in WORLDS:
        WORLDS[group] = worlds(group), list(worlds(group))
    classes, looks = WORLDS[group]
    rows = [data.draw(st.sampled_from(looks)) for _branch in range(data.draw(st.integers(2, 5)))]
    there = [data.draw(st.sampled_from(classes[row])) for row in rows]
    table = drawn([numbers(**{group: truth}) for truth in there])
    place = data.draw(st.integers(0, len(there) - 1))
    for other in classes[rows[place]][:5]:
        exchanged = [*there[:place], other, *there[place + 1 :]]
        assert drawn([numbers(**{group: truth}) for truth in exchanged]) == table


WORLDS: dict[str, object] = {}


def drawn(found):
    branches = [SimpleNamespace(id=new_id(), name=f"第{place}支部") for place in range(len(found))]
    given_out = dict(zip([branch.id for branch in branches], found, strict=True))
    return [tuple(row) for row in routes.above(routes.rows_above(branches, given_out)).rows]


@over(
    st.integers(0, 14).flatmap(
        lambda people: st.tuples(
            st.just(people),
            st.integers(1, 4),
            st.sets(st.tuples(st.integers(0, 3), st.integers(0, max(people - 1, 0)))),
        )
    )
)
def test_several_sessions_are_of_people_and_not_of_times(drawn_case):
    """Six times absent by one person is of one person: neither side is exact unless five people stand behind it."""
    people, sessions, present = drawn_case
    whole = [(event, who) for event in range(sessions) for who in range(people)]
    found = counting.share(whole, [row for row in whole if row in present], each=sessions)
    cell = above(found)
    behind = {who for _event, who in present & set(whole)}, {who for _event, who in set(whole) - present}
    if cell.part is not None:
        assert min(map(len, behind)) >= SMALL_CELL
    elif cell.words.startswith("≥"):
        assert int(cell.words[1:].split("/")[0]) <= found.part
        assert len(behind[1]) < SMALL_CELL
    if whole and cell.part is None:  # one person more or less here or there, and the cell says the same
        other = present ^ {whole[0]}
        changed = counting.share(whole, [row for row in whole if row in other], each=sessions)
        if above(changed).part is None and min(found.people, found.rest) < SMALL_CELL - 1:
            assert changed.part != found.part


def test_what_is_kept_back_is_in_no_sum():
    rows = [upward(numbers(on_track=share)) for share in ((12, 17), (9, 20), (3, 20))]
    assert sums(rows)[9] == "21/37"


@pytest.fixture
def given_out(given, branch, other_branch, sam):
    def write(session):
        for place, on_track in ((branch, (12, 17)), (other_branch, (3, 17))):
            kept = queries.written(numbers(on_track=on_track))
            said = {"year": 2026, "quarter": 3, "remark": "只给支部看的说明", "numbers": kept}
            session.add(StudyReport(id=new_id(), branch_id=place.id, given_by_id=sam.id, **said))
        session.flush()

    given(write)


def test_the_committee_reads_numbers_by_name_and_the_same_on_paper_and_in_the_file(client, given, given_out, carl):
    given(make_branch, "第九党支部")
    said = page(client.get(BRANCHES, headers=ENGLISH | as_member(carl))).main
    assert "2 of 4 branches have given theirs out." in said.get_text(" ", strip=True)
    assert "只给支部看的说明" not in said.get_text()
    shown = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in said.find_all("tr")]
    paper = page(client.get(f"{BRANCHES}/paper", headers=ENGLISH | as_member(carl))).main
    printed = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in paper.find_all("tr")]
    content = client.get(f"{BRANCHES}/reports.xlsx", headers=ENGLISH | as_member(carl)).content
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    filed = [[cell or "" for cell in row] for row in sheet.values]
    assert printed == filed
    assert [[one for one in row if one] for row in filed] == [[one for one in row if one] for row in shown]
    assert [row[0] for row in shown[1:-1]] == ["第一党支部", "第二党支部", "第九党支部", "机关党委办公室党支部"]
    assert shown[-1][10] == "12/17"


def test_officers_of_branches_and_members_read_no_other_branch(client, given_out, sam, alice):
    for person in (sam, alice):
        for address in (BRANCHES, f"{BRANCHES}/paper", f"{BRANCHES}/reports.xlsx"):
            assert client.get(address, headers=as_member(person)).status_code == 403

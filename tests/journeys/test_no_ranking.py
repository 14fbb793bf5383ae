"""Red line 1 over every route and every file: whatever is asked for, nobody gets people in the order of a number.

The routes say themselves which there are, and ``test_people_and_routes`` knows a record for each word of an address.
Everybody of the own branch has another number of points, facts, records and minutes and another last sign of life, each
in an order that is not that of the names; whatever lists five of them in such an order, or two beside their points, is
found.
"""

import io
import json
import re
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy import update

from app.core import clock
from app.core.formats import hundredths
from app.features.ledger import service as ledger
from app.features.ledger.rules import FactType
from app.features.members import queries as members
from app.features.scores import queries as scores
from app.features.scores.periods import period_of
from app.features.sign_in.models import SignInSession
from tests.features.api.makers import make_token
from tests.features.ledger.makers import new_fact
from tests.features.study.makers import make_study_record
from tests.journeys.test_people_and_routes import OWN_BRANCH, addresses, doors, make_house
from tests.makers import as_member, make_member

ASKERS = ("sam", "alice", "carl", "bea")
"""Whose pages can show several people, the committee officer and the business administrator among them."""
OTHERS = ("姚远", "安宁", "欧阳雪", "傅青", "白露")
ENOUGH = 5
"""So many people in a row are a list."""
ROWS = "li, tr, a.row, section, .row, dt, option"


@pytest.fixture
def engine_kind():
    return "sqlite"


@pytest.fixture
def house(engines, engine_kind, given, database):
    return given(make_house, engines.get(engine_kind)[1])


@pytest.fixture
def measured(house, given, database, branch):
    """What could be counted of each person, by name."""
    people, _ids = house
    ours = [people[name] for name in OWN_BRANCH] + [given(make_member, branch, name) for name in OTHERS]
    found = {person.name: given(_live, person, place, len(ours)) for place, person in enumerate(ours)}
    with database.read() as session:
        actor = SimpleNamespace(branch_id=branch.id)
        for shown in scores.sheets_of_branch(session, actor, period_of(clock.today())):
            if shown.name in found:
                found[shown.name] |= {"facts": shown.number_of_facts, "points": shown.sheet.total or 0}
    return found


def _live(session, person, place, number):
    """Facts, records and a last sign of life, each in an order of its own; ``number`` is a prime."""
    sessions, records = place * 3 % number, 1 + place * 5 % number
    today = clock.today()
    said = {"occurred_on": today, "counts_in": today.replace(day=1)}
    kinds = [FactType.STUDY_SESSION] * sessions + [FactType.ATTENDANCE_PRESENT] * (3 * records)
    ledger.append(session, [new_fact(person, fact_type=kind, **said) for kind in kinds])
    for turn in range(records):
        make_study_record(session, person, title=f"学习 {place}-{turn}", minutes=200 - 15 * records)
    used = clock.now() - timedelta(minutes=place * 7 % number)
    session.execute(update(SignInSession).where(SignInSession.member_id == person.id).values(created_at=used))
    return {"records": records, "minutes": (200 - 15 * records) * records, "seen": used}


def lists_in(response):
    """Every list of an answer, as the texts of its rows: of a page, a workbook, JSON, or plain lines."""
    kind = response.headers.get("content-type", "")
    if "html" in kind:
        soup = BeautifulSoup(response.text, "html.parser")
        for paper in soup.select("article.a4"):  # one person each; what stands on it is looked at below
            paper.wrap(soup.new_tag("div"))
        for parent in {id(row.parent): row.parent for row in soup.select(ROWS)}.values():
            yield [row.get_text(" ") for row in parent.find_all(recursive=False)]
    elif "spreadsheet" in kind:
        for table in load_workbook(io.BytesIO(response.content), read_only=True).worksheets:
            yield [" ".join(str(cell) for cell in row if cell is not None) for row in table.iter_rows(values_only=True)]
    elif "json" in kind:
        yield from _lists_of(response.json())
    elif kind.startswith("text/"):
        yield response.text.splitlines()


def _lists_of(value):
    if isinstance(value, list):
        yield [json.dumps(one, ensure_ascii=False) for one in value]
    for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _lists_of(one)


def people_in(rows, names):
    """Whom each row is about, in this order: a row of several is about nobody, and twice in a row is once."""
    about = [[name for name in names if name in row] for row in rows]
    found = [one[0] for one in about if len(one) == 1]
    return [name for before, name in pairwise(["", *found]) if before != name]


NO_POINTS = re.compile(
    r"\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-][\d:]+)?)?|\d{1,2}:\d{2}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""Moments and ids, whose digits may be those of anybody's points."""


def problems(rows, measured, by_name):
    """What is wrong with one list."""
    rows = [NO_POINTS.sub("", row) for row in rows]
    listed = people_in(rows, measured)
    points = {
        name: re.compile(rf"(?<![\d.]){re.escape(hundredths(said['points']))}(?![\d.])")
        for name, said in measured.items()
    }
    beside = {name for name in measured for row in rows if name in row and points[name].search(row)}
    if len(beside) > 1:
        yield f"points of {sorted(beside)} side by side"
    if len(listed) < ENOUGH or len(set(listed)) < len(listed) or listed == [name for name in by_name if name in listed]:
        return  # too few, a list of records, or by name
    for what in next(iter(measured.values())):
        rising = sorted(listed, key=lambda name: measured[name][what])
        if listed in (rising, rising[::-1]):
            yield f"by {what}: {listed}"


def test_no_route_and_no_file_lists_people_by_a_number(client, application, house, measured, database, branch, given):
    people, ids = house
    bearer = given(make_token, people["sylvia"], people["sam"], branch)
    with database.read() as session:
        by_name = [row.name for row in members.branch_members(session, branch.id)]
    for what in next(iter(measured.values())):
        assert len({said[what] for said in measured.values()}) == len(measured), f"{what} tells people apart"
    wrong, looked_at, lists = [], 0, 0
    for who in ASKERS:
        for path, _wanted in doors(application, reading=True):
            response = client.get(addresses(path, ids)["own"], headers=as_member(people[who]))
            if response.status_code != 200:
                continue
            looked_at += 1
            for rows in lists_in(response):
                lists += len(people_in(rows, measured)) >= ENOUGH
                wrong += [f"{who} {path}: {problem}" for problem in problems(rows, measured, by_name)]
    for path in (path for path, _wanted in doors(application, reading=True) if path.startswith("/api/")):
        response = client.get(path, headers=bearer)
        assert response.status_code == 200
        for rows in lists_in(response):
            lists += len(people_in(rows, measured)) >= ENOUGH
            wrong += [f"a token {path}: {problem}" for problem in problems(rows, measured, by_name)]
    assert not wrong, "people are listed by group and name (red line 1):\n" + "\n".join(wrong)
    assert looked_at > 150
    assert lists > 10


def test_a_ranking_would_be_found():
    names = list("甲乙丙丁戊")
    measured = {name: {"points": 100 * place, "seen": -place} for place, name in enumerate(names, 11)}
    by_name = list("丁甲戊乙丙")
    assert list(problems([f"{name} 1" for name in names], measured, by_name)) == [
        f"by points: {names}",
        f"by seen: {names}",
    ]
    assert list(problems([f"{name} 1" for name in by_name], measured, by_name)) == []
    assert list(problems(["甲 11", "乙 12.5", "丙 13"], measured, by_name)) == ["points of ['丙', '甲'] side by side"]
    assert list(problems(["甲 2026-11-11T05:13:11Z", "丙 13:11", "丁 14:00:11"], measured, by_name)) == []
    assert list(problems(["甲 11", "乙 12.5"], measured, by_name)) == []

"""A secretary's quarter on one page with one next step, its ledger and summaries; the committee's view by name."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import select

from app.features.ledger.rules import FactType
from app.features.members.models import RoleTerm
from app.features.members.rules import Role
from app.features.scores.publicity import service
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Act
from tests.features.scores.makers import make_facts
from tests.features.scores.publicity.steps import propose, published
from tests.makers import ENGLISH, HTMX, as_member, make_branch

PAGE = "/quarter/2026/3"
BRANCHES = "/quarter/branches/2026"
BOTH = pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(datetime(2026, 10, 9, 2, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def facts(given, alice, bob, sam, dora):
    given(
        make_facts,
        bob,
        FactType.TASK_URGENT,
        date(2026, 9, 3),
        quantity=200,
        matter="防汛抢险",
        recorded_by_id=sam.id,
        confirmed_by_id=dora.id,
    )
    given(make_facts, alice, FactType.STUDY_TRAINING_DAY, date(2026, 8, 5), quantity=150, note="市委党校")
    given(make_facts, alice, FactType.STUDY_ITEM, date(2026, 3, 5))


def read(client, person, address):
    answer = client.get(address, headers=ENGLISH | as_member(person))
    assert answer.status_code == 200, address
    return answer


def test_one_page_leads_through_the_quarter_with_one_next_step(client, given, sam, dora, alice, olga):
    first = read(client, sam, "/quarter").text
    assert first.count('action="/publicity/2026/3"') == 1
    for way in (
        "/approvals",
        "/study/branch",
        f"{PAGE}/ledger",
        f"{PAGE}/facts",
        "/quarter/month/2026-09",
    ):
        assert f'href="{way}"' in first
    publicity_id = given(propose, sam)
    assert "Your step: Checked: nothing in it is secret" in read(client, dora, PAGE).text
    given(lambda session: service.take(session, sam.actor, publicity_id=publicity_id, act=Act.CHECK))
    assert "Another officer of the branch does it." in read(client, sam, PAGE).text
    assert "Your step: Approve" in read(client, dora, PAGE).text
    for act, officer in ((Act.APPROVE, dora), (Act.PUBLISH, sam)):
        given(
            lambda session, act=act, officer=officer: service.take(
                session, officer.actor, publicity_id=publicity_id, act=act
            )
        )
    assert "9 Oct – 13 Oct" in read(client, sam, PAGE).text
    assert "from Friday 1 January" not in read(client, sam, "/quarter/2026/4").text
    for person in (alice, olga):
        assert client.get(PAGE, headers=as_member(person)).status_code == 403


def test_the_ledger_stands_by_date_with_its_hands_and_no_points(client, facts, given, sam, oscar):
    told = read(client, sam, f"{PAGE}/ledger").text
    rows = list(load_workbook(BytesIO(read(client, sam, f"{PAGE}/ledger.xlsx").content)).active.values)
    assert [row[0] for row in rows[1:]] == [1, 2]
    assert [row[2] for row in rows[1:]] == ["艾莉", "包波"]
    assert rows[2][3:7] == ("防汛抢险", "Urgent or hard task", "沈山", "窦兰")
    assert rows[1][3] == "市委党校 · 1.5 days"
    for text in (told, str(rows)):
        assert "point" not in text.replace("points to", "")
    assert "防汛抢险" not in read(client, oscar, f"{PAGE}/ledger").text


@pytest.mark.parametrize(
    ("address", "how_many"),
    [("/quarter/month/2026-08", 1), ("/quarter/2026/3/facts", 2), ("/quarter/2026/2/facts", 1)],
)
def test_the_page_of_facts_tells_what_is_posted_what_waits_and_what_is_missing(client, facts, sam, address, how_many):
    text = read(client, sam, address).text
    for heading in ("In the ledger", "Waiting for a decision", "Three meetings, one lesson"):
        assert heading in text
    book = load_workbook(BytesIO(read(client, sam, f"{address}.xlsx").content))
    assert len(list(book.worksheets[0].values)) == how_many + 1
    assert "艾莉" not in text  # of the branch, nobody's name
    assert client.get("/quarter/month/2026-13", headers=as_member(sam)).status_code == 404


@BOTH
def test_a_committee_officer_proposes_for_all_and_each_branch_approves_itself(
    client, database, given, sam, dora, carl, branch, other_branch, headers, status
):
    mine = given(published, sam, dora)
    given(make_branch, "新支部")
    address = f"{BRANCHES}/3"
    for _twice in range(2):
        assert client.post(address, headers=headers | ENGLISH | as_member(carl)).status_code == status
    with database.read() as session:
        found = session.scalars(select(Publicity)).all()
        assert len(found) == 4  # the branch's own stays, the officers' home is one as well
        assert {one.proposed_by_id for one in found if one.id != mine} == {carl.id}
        assert {one.checked_at for one in found if one.id != mine} == {None}
    assert client.post(address, headers=headers | as_member(sam)).status_code == 403
    early = client.post(f"{BRANCHES}/4", headers=headers | ENGLISH | as_member(carl))
    assert "This can be publicised from" in early.text


def test_the_committee_sees_every_branch_by_name_whatever_its_state(
    client, given, sam, dora, carl, oscar, alice, branch
):
    def names():
        text = read(client, carl, f"{BRANCHES}/3").text
        return sorted((text.index(f">{name}<"), name) for name in ("第一党支部", "第二党支部"))

    before = [name for _place, name in names()]
    given(published, sam, dora)
    text = read(client, carl, f"{BRANCHES}/3").text
    assert "publicised" in text
    assert [name for _place, name in names()] == before
    assert "包波" not in text
    for person in (alice, oscar):
        assert client.get(f"{BRANCHES}/3", headers=as_member(person)).status_code == 403


def test_the_only_officer_of_a_branch_approves_what_the_committee_proposed(client, given, database, oscar, carl):
    client.post(f"{BRANCHES}/3", headers=as_member(carl))
    with database.read() as session:
        (found,) = session.scalars(select(Publicity.id).where(Publicity.branch_id == oscar.branch_id))
        assert session.scalars(select(RoleTerm.role).where(RoleTerm.organisation_id == oscar.branch_id)).all() == [
            Role.SECRETARY
        ]
    for act in Act:
        answer = client.post(f"/publicity/of/{found}/step", data={"act": act.value}, headers=as_member(oscar))
        assert answer.status_code == 303
    with database.read() as session:
        assert session.get_one(Publicity, found).ends_on == date(2026, 10, 13)


def test_the_year_says_how_far_its_sheets_are_once_its_publicity_is_over(client, given, sam, dora, october):
    october.move_to(datetime(2026, 12, 31, 2, 0, tzinfo=UTC))
    given(published, sam, dora)
    for address in ("/quarter/2026", "/publicity/2026"):  # what would be refused is not offered
        held = read(client, sam, address).text
        assert "To be settled before the year is publicised: " in held
        assert 'href="/publicity/2026/3"' in held
        assert 'action="/publicity/2026"' not in held
    october.move_to(datetime(2027, 1, 13, 2, 0, tzinfo=UTC))
    given(published, sam, dora, quarter=None)
    assert "Sheets of the year" not in read(client, sam, "/quarter/2026").text
    october.move_to(datetime(2027, 1, 26, 2, 0, tzinfo=UTC))
    assert 'href="/archive/2026"' in read(client, sam, "/publicity/2026").text
    text = read(client, sam, "/quarter/2026").text
    assert "Sheets of the year: not asked to sign yet" in text
    assert "settled" in text

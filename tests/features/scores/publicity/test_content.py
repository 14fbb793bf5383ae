"""What the branch reads: name, fact, day, number. No points, grades, reasons, no kind of leave."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.ledger.service import reverse
from app.features.members.models import Exemption
from app.features.members.rules import ExemptionKind, Role
from app.features.scores.objections.rules import ObjectionOutcome
from app.features.scores.publicity.content import content
from app.features.scores.publicity.rules import Period
from tests.features.scores.makers import make_facts
from tests.features.scores.objections.makers import REASONS, answer, object_to
from tests.features.scores.publicity.steps import propose, published
from tests.makers import ENGLISH, as_member, make_member

PATHS = ("", "/print", "/export.xlsx")


def read(client, person, path, period="2026/3"):
    """Everything a page, a paper or a file of the publicity says, as one text."""
    answer = client.get(f"/publicity/{period}{path}", headers=ENGLISH | as_member(person))
    assert answer.status_code == 200
    if not path.endswith("xlsx"):
        return answer.text
    book = load_workbook(BytesIO(answer.content))
    return "\n".join(" | ".join(map(str, row)) for sheet in book for row in ([sheet.title], *sheet.values))


@pytest.mark.parametrize("path", PATHS)
def test_it_shows_facts_with_their_days_and_nothing_that_is_nobody_s_business(
    client, october, facts, given, sam, dora, alice, bob, path
):
    given(
        lambda session: session.add(Exemption(member_id=bob.id, kind=ExemptionKind.ILLNESS, starts_on=date(2026, 9, 1)))
    )
    given(published, sam, dora)
    told = read(client, alice, path)
    for expected in (
        "Absent",
        "5 Aug, 2 Sep",
        "2 times",
        "On leave",
        "20 Aug",
        "1.5 days",
        "组织委员",
        "8801",
        "13 Oct",
        "16 Oct",
    ):
        assert expected in told
    for unsaid in (
        "孩子住院",
        "防汛抢险",
        "未报告",
        "poor",
        "illness",
        "Long illness",
        "mean of the votes",
        "private",
        "Private",
        "2 points",
        "unreported",
        "not reported",
        "organisation-life",
    ):
        assert unsaid not in told
    assert "3 Jul" not in told  # would tell private leave from others
    assert "30 Jun" not in told  # of another quarter


@pytest.mark.parametrize("path", PATHS)
def test_members_of_the_branch_read_it_when_it_is_published_and_strangers_never(
    client, october, facts, given, sam, alice, olga, oscar, carl, other_branch, path
):
    def status(person):
        return client.get(f"/publicity/2026/3{path}", headers=as_member(person)).status_code

    given(propose, sam)
    assert [status(person) for person in (alice, olga, oscar, carl)] == [404, 404, 200 if not path else 404, 404]
    assert status(sam) == 200
    given(published, oscar, given(make_member, other_branch, "副书记", roles=(Role.DEPUTY,)))
    assert [status(alice), status(olga)] == [404, 200]
    assert "缺席" not in client.get(f"/publicity/2026/3{path}", headers=as_member(olga)).text


def test_people_stand_by_group_and_pinyin_and_their_facts_never_order_them(database, october, facts, sam):
    with database.read() as session:
        people = content(session, sam.branch_id, Period(2026, 3), None)
    assert [(one.name, len(one.lines)) for one in people] == [("艾莉", 1), ("包波", 4), ("窦兰", 0), ("沈山", 0)]


def test_what_was_published_stays_as_the_ledger_had_it_then(client, database, october, facts, given, sam, dora, bob):
    given(published, sam, dora)
    october.move_to(datetime(2026, 10, 12, 2, 0, tzinfo=UTC))
    with database.read() as session:
        training = session.scalars(select(Fact.id).where(Fact.fact_type == FactType.STUDY_TRAINING_DAY)).all()
        mine = session.scalars(select(Fact.id).where(Fact.id.in_(training), Fact.member_id == bob.id)).all()
    given(lambda session: reverse(session, mine, recorded_by_id=dora.id, note="记错"))
    given(make_facts, bob, FactType.DUTY_KEPT, date(2026, 9, 21))
    told = read(client, bob, "")
    assert "21 Sep" not in told
    assert "1.5 days" in told
    with database.read() as session:
        now = content(session, sam.branch_id, Period(2026, 3), None)
    assert "1.5 days" not in {line.measure for one in now for line in one.lines}
    assert any(date(2026, 9, 21) in line.days for one in now for line in one.lines)


def test_the_paper_carries_the_end_of_the_ledger_and_the_page_of_today_one_polite_line(
    client, october, facts, given, sam, dora, alice, olga
):
    given(published, sam, dora)
    assert "9:" in read(client, alice, "/print")
    assert "9 Oct 2026 – 13 Oct 2026" in read(client, alice, "/print")  # paper is read in other years
    assert 'href="/objections/new?year=2026&amp;quarter=3"' in read(client, alice, "")
    for path in ("", "/print"):
        assert "（3 个工作日）" in client.get(f"/publicity/2026/3{path}", headers=as_member(alice)).text
    today = client.get("/", headers=ENGLISH | as_member(alice)).text
    assert today.count("/publicity/2026/3") == 1
    assert "objections until 16 Oct" in today
    assert "/publicity" not in client.get("/", headers=ENGLISH | as_member(olga)).text
    october.move_to(datetime(2026, 10, 17, 2, 0, tzinfo=UTC))
    assert "/publicity" not in client.get("/", headers=ENGLISH | as_member(alice)).text


@pytest.mark.parametrize("path", PATHS)
def test_what_an_upheld_objection_corrects_stands_at_its_end_without_reasons(
    client, database, october, given, sam, dora, alice, bob, path
):
    (absence,) = given(make_facts, alice, FactType.ATTENDANCE_ABSENT, date(2026, 8, 5))
    given(published, sam, dora)
    before = read(client, bob, path)
    assert "Corrected since" not in before
    filed = given(object_to, alice, absence, quarter=3)
    given(answer, dora, filed, ObjectionOutcome.UPHELD, take_back=True)
    told = read(client, bob, path)
    assert "5 Aug" in told.partition("Corrected since")[0]  # the publicity itself is not repeated
    end = told.partition("Corrected since")[2]
    for expected in ("艾莉", "Absent", "5 Aug", "taken back"):
        assert expected in end
    assert REASONS not in told

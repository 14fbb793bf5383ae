"""A veto is entered by the discipline commissioner, confirmed by another, lifted by two, and never computed."""

import io
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from app.core import clock
from app.core.ids import new_id
from app.features.ledger import closings
from app.features.ledger import service as ledger
from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry, Member, RoleTerm
from app.features.members.rules import Role
from app.features.members.two_people import AboutOneselfError, BoundError, SamePersonError, Second
from app.features.scores.sheet import Veto
from app.features.scores.vetoes import service
from app.features.scores.vetoes.models import MemberVeto
from app.features.scores.vetoes.queries import confirmed
from app.features.scores.vetoes.rules import ArchivedError, NotTheirsToEnterError
from tests.features.scores.makers import make_facts, words
from tests.features.scores.publicity.steps import published
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page
from tests.races import race

HOME = "/sheets/vetoes"
YES = {"second": "confirm"}


@pytest.fixture
def faye(given, branch):
    return given(make_member, branch, "范晔", roles=(Role.DISCIPLINE,))


@pytest.fixture
def pia(given, branch):
    return given(make_member, branch, "皮亚", roles=(Role.PUBLICITY,))


def enter(session, by, whom, **said):
    said = {"id": new_id(), "year": 2026, "kind": Veto.LIABILITY, "dated": date(2026, 5, 6), **said}
    return service.enter_veto(
        session, by.actor, member_id=whom.id, basis="党内警告处分", **{"document": "市纪〔2026〕3号", **said}
    )


def decide(session, by, veto_id, word=Second.CONFIRM):
    service.decide_veto(session, by.actor, veto_id=veto_id, second=word)


def lift(session, by, veto_id, **said):
    said = {"id": new_id(), "document": "市纪〔2026〕9号", "dated": date(2026, 6, 1), **said}
    return service.lift_veto(session, by.actor, veto_id=veto_id, basis="处分已撤销", **said)


def kinds(database, whom, year=2026):
    with database.read() as session:
        return [row.kind for row in confirmed(session, [whom.id], year).get(whom.id, ())]


def of_sheet(client, whom, viewer=None):
    address = f"/members/{whom.id}/sheet" if viewer else "/sheet"
    return page(client.get(address, headers=ENGLISH | as_member(viewer or whom)))


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_one_enters_it_another_confirms_it_and_the_person_reads_it(
    client, database, given, faye, pia, bob, november, headers, status
):
    typed = {
        "id": str(new_id()),
        "member_id": str(bob.id),
        "year": "2026",
        "kind": "inactive",
        "basis": "六个月无故不参加",
    }
    typed |= {"document": "支委会〔2026〕5号", "dated": "2026-11-02"}
    for _ in range(2):  # twice is once
        assert client.post(HOME, data=typed, headers=headers | as_member(faye)).status_code == status
    assert kinds(database, bob) == []
    assert of_sheet(client, bob).select("#vetoes") == []
    before = of_sheet(client, bob).select_one(".fig").get_text()
    address = f"{HOME}/{typed['id']}/decide"
    queue = page(client.get("/", headers=ENGLISH | as_member(pia)))
    assert "Vetoes, to confirm" in queue.main.get_text()
    assert client.post(address, data={"second": "confirm"}, headers=as_member(faye)).status_code == 403
    assert client.post(address, data={"second": "confirm"}, headers=headers | as_member(pia)).status_code == status
    own = of_sheet(client, bob)
    said = words(own.select_one("#vetoes").parent)
    assert "six months without organisation life" in said
    assert "article 9" in said  # the statute is quoted
    assert "支委会〔2026〕5号" in said
    assert own.select_one(".fig").get_text() == before  # the points stay as they are
    assert words(own.select_one(".advice")) == "talk and help"
    printed = page(client.get("/sheets/print", headers=ENGLISH | as_member(pia)))
    assert "支委会〔2026〕5号" in printed.main.get_text()


def test_only_the_committee_reads_the_page_and_nobody_what_waits_about_oneself(
    client, given, faye, sam, alice, bob, oscar, olga, november
):
    given(enter, faye, sam)
    shown = page(client.get(HOME, headers=ENGLISH | as_member(faye)))
    assert "Party" in shown.main.get_text()
    assert sam.name in words(shown.select_one("#vetoes .rows"))
    own = page(client.get(HOME, headers=as_member(sam)))
    assert sam.name not in words(own.select_one("#vetoes .rows"))
    assert [client.get(HOME, headers=as_member(one)).status_code for one in (alice, bob, olga)] == [403] * 3
    assert shown.select("form[action='/sheets/vetoes']")
    assert [option.get_text() for option in own.select("[name=member_id] option")][1:] == [faye.name]
    other = page(client.get(HOME, headers=as_member(oscar)))  # an officer of another branch has an own page
    assert sam.name not in other.main.get_text()


def test_who_may_enter_it(database, given, faye, sam, dora, bob, oscar):
    for one in (sam, dora):
        with pytest.raises(NotTheirsToEnterError), database.write() as session:
            enter(session, one, bob)
    with pytest.raises(AboutOneselfError), database.write() as session:
        enter(session, faye, faye)
    with database.write() as session:
        enter(session, sam, faye)  # about the commissioner the secretary does


def test_who_may_confirm_it(database, given, faye, sam, dora, bob, oscar):
    veto_id = given(enter, faye, sam)
    for one, refusal in ((faye, SamePersonError), (sam, AboutOneselfError)):
        with pytest.raises(refusal), database.write() as session:
            decide(session, one, veto_id)

    def print_slip(session, whose, by):
        row = session.get_one(Member, whose.id)
        row.opened_by_id, row.opened_at = by.id, row.created_at

    for hand in (faye, sam):  # neither who entered it speaks through another account, nor whom it is about
        given(print_slip, dora, hand)
        with pytest.raises(BoundError), database.write() as session:
            decide(session, dora, veto_id)


def test_it_is_lifted_by_two_with_a_reason_and_stays_readable(client, database, given, faye, pia, bob, november):
    veto_id = given(enter, faye, bob)
    given(decide, pia, veto_id)
    assert kinds(database, bob) == [Veto.LIABILITY]
    lifting = given(lift, faye, veto_id)
    assert kinds(database, bob) == [Veto.LIABILITY]
    given(decide, pia, lifting)
    assert kinds(database, bob) == []
    assert of_sheet(client, bob).select("#vetoes") == []
    told = words(page(client.get(HOME, headers=ENGLISH | as_member(pia))).select_one("#vetoes .rows"))
    assert "lifted" in told
    assert "处分已撤销" in told
    with database.read() as session:
        noted = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == bob.id).order_by(AuditEntry.id)
        ).all()
    assert noted[-4:] == ["veto_entered", "veto_confirmed", "veto_lifted", "veto_confirmed"]


def test_what_was_not_confirmed_counts_for_nothing(database, given, faye, pia, bob):
    given(decide, pia, given(enter, faye, bob), Second.DECLINE)
    assert kinds(database, bob) == []


def test_a_sheet_that_is_archived_takes_none(database, given, faye, bob, year_over):
    given(closings.close, [bob.id], 2026)
    with pytest.raises(ArchivedError), database.write() as session:
        enter(session, faye, bob)


def test_two_who_decide_at_one_moment_decide_once(database, given, faye, pia, dora, bob):
    veto_id = given(enter, faye, bob)

    def say(number):
        with database.write() as session:
            decide(session, (pia, dora)[number], veto_id, (Second.CONFIRM, Second.DECLINE)[number])

    found = race(2, say)
    assert [getattr(one, "code", None) for one in found].count("step_refused") == 1


@pytest.mark.race
def test_who_archives_waits_for_a_veto_that_is_being_confirmed(database, given, faye, pia, bob):
    def as_archived(session):
        ledger.hold(session, [bob.branch_id])
        return [row.kind for row in confirmed(session, [bob.id], 2026)[bob.id]]

    veto_id = given(enter, faye, bob)
    with ThreadPoolExecutor(1) as threads:
        with database.write() as session:
            decide(session, pia, veto_id)
            read = threads.submit(given, as_archived)
            assert wait([read], 0.5).not_done
        assert read.result() == [Veto.LIABILITY]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"entered_by_id": "bob"}, "not_about_oneself"),
        ({"decided_by_id": "bob"}, "decided_by_another"),
        ({"basis": " "}, "has_basis"),
        ({"document": ""}, "has_document"),
        ({"year": 1999}, "year_plausible"),
    ],
)
def test_the_database_refuses(database, given, faye, pia, bob, changed, rule):
    given(decide, pia, given(enter, faye, bob))
    changed = {name: bob.id if value == "bob" else value for name, value in changed.items()}
    with pytest.raises(DatabaseError, match=rule), database.write() as session:
        session.execute(update(MemberVeto).values(changed))


def test_a_document_of_the_future_or_of_another_time_is_refused(client, given, faye, bob, november):
    typed = {"member_id": str(bob.id), "year": "2026", "kind": "falsified", "basis": "台账造假", "document": "5号"}
    for dated in (clock.today() + timedelta(days=1), date(2025, 12, 31)):
        sent = typed | {"id": str(new_id()), "dated": dated.isoformat()}
        assert client.post(HOME, data=sent, headers=as_member(faye)).status_code == 422


def text_of(answer, path):
    assert answer.status_code == 200
    if not path.endswith("xlsx"):
        return answer.text
    return "\n".join(str(row) for sheet in load_workbook(io.BytesIO(answer.content)) for row in sheet.values)


@pytest.mark.parametrize("path", ["", "/print", "/export.xlsx"])
def test_no_publicity_says_anything_of_it(client, given, faye, pia, bob, alice, sam, dora, path):
    with time_machine.travel(datetime(2026, 10, 9, 2, 0, tzinfo=UTC), tick=False):
        given(make_facts, bob, FactType.ATTENDANCE_ABSENT, date(2026, 8, 5))
        given(decide, pia, given(enter, faye, bob))
        given(published, sam, dora)
        answer = client.get(f"/publicity/2026/3{path}", headers=ENGLISH | as_member(alice))
    told = text_of(answer, path)
    assert bob.name in told
    assert not any(
        said in told for said in ("Veto", "veto", "市纪〔2026〕3号", "党内警告处分", "discipline or criminal")
    )


def test_where_the_committee_is_one_person_the_committee_above_confirms(
    client, given, database, branch, sam, dora, bob, carl
):
    quan = given(make_member, branch, "全明", roles=(Role.SUPERVISOR,))
    veto_id = given(enter, sam, bob)
    for person in (quan, carl):  # Dora is the other one
        assert client.post(f"{HOME}/{veto_id}/decide", headers=as_member(person), data=YES).status_code in {403, 404}
    assert bob.name not in client.get(f"{HOME}/above", headers=as_member(carl)).text
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == dora.id).delete())
    assert "committee above does" in client.get(HOME, headers=ENGLISH | as_member(sam)).text
    assert "Vetoes of branches" in client.get("/", headers=ENGLISH | as_member(carl)).text
    assert client.post(f"{HOME}/{veto_id}/decide", headers=as_member(quan), data=YES).status_code == 404
    assert client.get(f"{HOME}/above", headers=as_member(quan)).status_code == 404
    shown = page(client.get(f"{HOME}/above", headers=ENGLISH | as_member(carl))).get_text()
    assert [said in shown for said in (bob.name, "市纪〔2026〕3号", sam.name)] == [True, True, True]
    answer = client.post(f"{HOME}/{veto_id}/decide", headers=as_member(carl), data=YES)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/above")
    with database.read() as session:
        veto = session.get_one(MemberVeto, veto_id)
        assert (veto.stands, veto.decided_by_id) == ("confirmed", carl.id)
    assert bob.name not in client.get(f"{HOME}/above", headers=as_member(carl)).text

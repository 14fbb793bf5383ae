"""A spot check: the seed is promised before it draws, the sample is looked at, the rest follows or not."""

import hashlib
import io
from datetime import date

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.members.models import AuditEntry
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.study.quiz.rules import Next, drawn
from app.features.study.spot import queries, service
from app.features.study.spot.models import SpotDraw
from tests.features.study.makers import MORNING, make_study_record
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page
from tests.tries import answer

HOME = "/study/spot-checks"
DAYS = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}
FORM = {"first": "2026-03-01", "last": "2026-03-31", "percent": "10"}
BOTH = pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def thirty(given, branch):
    """Thirty records of one busy member wait."""
    busy = given(make_member, branch, "郝学")
    return {given(make_study_record, busy, title=f"第{number}课") for number in range(30)}


def promised(given, officer, **said):
    return given(service.promise, officer.actor, **{"id": new_id(), "percent": 10, **DAYS, **said}).id


def stands(database, officer, draw_id):
    with database.read() as session:
        found = queries.checked(session, officer.actor, draw_id)
        return found.next, [[row.id for row in sample.rows] for sample in found.samples], list(found.rest)


def looked_at(given, officer, ids, *, returned=()):
    given(reviews.approve, officer.actor, [one for one in ids if one not in returned])
    if returned:
        given(reviews.return_to_member, officer.actor, list(returned), reason="请写明学了什么")


def approved(database):
    with database.read() as session:
        return {row.id for row in session.query(Review).where(Review.status == ReviewStatus.APPROVED)}


def test_one_is_returned_a_second_draw_is_clean_and_the_rest_follows(given, database, thirty, sam):
    """The worked example: 30, of which 3; one returned; 3 of 27; 24 together."""
    draw = promised(given, sam)
    assert stands(database, sam, draw)[1] == []
    given(service.reveal, sam.actor, draw_id=draw)
    step, [first], _rest = stands(database, sam, draw)
    assert (step, len(first)) == (None, 3)
    looked_at(given, sam, first, returned=first[:1])
    assert stands(database, sam, draw)[0] is Next.SECOND_DRAW
    for _twice in range(2):
        given(service.draw_again, sam.actor, draw_id=draw)
        given(service.reveal, sam.actor, draw_id=draw)
    step, [_first, second], rest = stands(database, sam, draw)
    assert (step, len(second), len(rest), set(second) & set(first)) == (None, 3, 24, set())
    looked_at(given, sam, second)
    assert stands(database, sam, draw)[0] is Next.BULK
    assert len(given(service.approve_rest, sam.actor, draw_id=draw).done) == 24
    assert approved(database) == thirty - set(first[:1])
    with database.read() as session:
        [noted] = session.query(AuditEntry).where(AuditEntry.action == "spot_checked")
    assert noted.changes["drawn"][1] == "6/30"
    assert len(noted.changes["seed"][1].split(", ")) == 2


def test_after_a_second_one_returned_nothing_follows_together(given, database, thirty, sam):
    draw = promised(given, sam)
    given(service.reveal, sam.actor, draw_id=draw)
    [first] = stands(database, sam, draw)[1]
    looked_at(given, sam, first, returned=first[:1])
    given(service.draw_again, sam.actor, draw_id=draw)
    given(service.reveal, sam.actor, draw_id=draw)
    second = stands(database, sam, draw)[1][1]
    looked_at(given, sam, second, returned=second[:1])
    assert stands(database, sam, draw)[0] is Next.SINGLY
    with pytest.raises(service.NotYetError):
        given(service.approve_rest, sam.actor, draw_id=draw)


def test_a_return_taken_back_after_the_second_draw_leaves_both_samples(client, given, database, thirty, sam):
    draw = promised(given, sam)
    given(service.reveal, sam.actor, draw_id=draw)
    [first] = stands(database, sam, draw)[1]
    given(reviews.approve, sam.actor, first[1:])
    returned = given(reviews.return_to_member, sam.actor, first[:1], reason="请写明学了什么").decision_id
    given(service.draw_again, sam.actor, draw_id=draw)
    given(service.reveal, sam.actor, draw_id=draw)
    given(reviews.undo, sam.actor, decision_id=returned)
    given(reviews.approve, sam.actor, first[:1])
    for address in ("", "/paper", "/record.xlsx"):
        assert client.get(f"{HOME}/{draw}{address}", headers=as_member(sam)).status_code == 200
    step, [_first, second], rest = stands(database, sam, draw)
    assert (step, len(second), len(rest)) == (None, 3, 24)
    looked_at(given, sam, second)
    given(service.approve_rest, sam.actor, draw_id=draw)
    assert approved(database) == thirty


def test_nothing_follows_before_the_sample_is_decided(given, database, thirty, sam):
    draw = promised(given, sam)
    for _step in range(2):  # neither before the seed is revealed nor after
        with pytest.raises(service.NotYetError):
            given(service.approve_rest, sam.actor, draw_id=draw)
        given(service.reveal, sam.actor, draw_id=draw)
    assert approved(database) == set()


def test_anybody_computes_the_draw_again_from_what_is_printed(client, given, database, thirty, sam):
    draw = promised(given, sam)
    given(service.reveal, sam.actor, draw_id=draw)
    content = client.get(f"{HOME}/{draw}/record.xlsx", headers=ENGLISH | as_member(sam)).content
    said, _conclusion, pool, _address = (
        list(sheet.values)[1:] for sheet in load_workbook(io.BytesIO(content)).worksheets
    )
    _period, number, percent, take, seed, commitment, numbers, _words = said[0]
    assert hashlib.sha256(seed.encode()).hexdigest() == commitment
    case = {"seed": seed, "ids": [name for _number, name in pool], "percent": percent}
    told = answer("draw", case)
    names = dict(pool)
    assert (told["pool"], told["take"]) == (number, take) == (30, 3)
    assert told["drawn"] == [names[int(one)] for one in numbers.split()]
    assert [str(one) for one in stands(database, sam, draw)[1][0]] == told["drawn"]


def test_what_is_not_the_officer_s_or_is_marked_is_never_drawn_from(given, database, alice, bob, sam, dora):
    fine = given(make_study_record, alice)
    given(make_study_record, sam)  # the officer's own
    given(make_study_record, bob, recorded_by_id=sam.id, title="代录")  # entered by the officer
    given(make_study_record, alice, title="另一月", occurred_on=date(2026, 2, 1))
    flagged = given(make_study_record, bob, title="有疑")
    with database.write() as session:
        session.get_one(Review, flagged).flags = [Flag.OVERLAP]
    with database.read() as session:
        assert [one.id for one in queries.pool(session, sam.actor, **DAYS)] == [fine]
        assert len(queries.pool(session, dora.actor, **DAYS)) == 3


def test_one_pool_is_drawn_once_and_a_redraw_has_a_reason_and_stays_to_be_seen(client, given, database, thirty, sam):
    form = {"id": str(new_id()), **FORM}
    for _twice in range(2):
        assert client.post(HOME, data=form, headers=as_member(sam)).status_code == 303
    refused = client.post(HOME, data=form | {"id": str(new_id())}, headers=ENGLISH | as_member(sam))
    assert "you have drawn before" in page(refused, status=409).get_text()
    again = {"id": str(new_id()), "reason": ""}
    page(client.post(f"{HOME}/{form['id']}/redraw", data=again, headers=as_member(sam)), status=422)
    again["reason"] = "比例应为两成"
    assert client.post(f"{HOME}/{form['id']}/redraw", data=again, headers=as_member(sam)).status_code == 303
    listed = page(client.get(HOME, headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert listed.count("3 of 30") == 2
    assert "Drawn again: 比例应为两成" in listed
    with database.write() as session, pytest.raises(IntegrityError):
        session.execute(text("UPDATE spot_draws SET replaces_id = NULL, reason = NULL"))


@BOTH
def test_the_seed_is_on_no_page_before_it_is_revealed(client, given, database, thirty, sam, headers, status):
    draw = promised(given, sam)
    with database.read() as session:
        kept = session.get_one(SpotDraw, draw)
    shown = client.get(f"{HOME}/{draw}", headers=as_member(sam)).text
    paper = client.get(f"{HOME}/{draw}/paper", headers=as_member(sam)).text
    assert kept.commitment[:16] in shown
    assert kept.seed not in shown + paper
    assert client.post(f"{HOME}/{draw}/reveal", headers=headers | as_member(sam)).status_code == status
    shown = page(client.get(f"{HOME}/{draw}", headers=as_member(sam)))
    assert kept.seed in shown.get_text()
    links = [link["href"].rsplit("/", 1)[-1] for link in shown.select("main a[href^='/approvals/']")]
    assert links[: kept.take] == drawn(kept.seed, kept.pool, 3)


def test_a_fault_keeps_what_was_typed(client, thirty, sam):
    for wrong in ({"percent": "101"}, {"percent": "0"}, {"first": "2026-03-31", "last": "2026-03-01"}):
        refused = client.post(HOME, data={"id": str(new_id()), **FORM, **wrong}, headers=ENGLISH | as_member(sam))
        soup = page(refused, status=422)
        assert {name: soup.find(attrs={"name": name})["value"] for name in FORM} == FORM | wrong


def test_nobody_else_opens_or_moves_it(client, given, thirty, sam, dora, alice, oscar):
    draw = promised(given, sam)
    for person in (dora, oscar):
        page(client.get(f"{HOME}/{draw}", headers=as_member(person)), status=404)
        page(client.post(f"{HOME}/{draw}/reveal", headers=as_member(person)), status=404)
        page(client.post(f"{HOME}/{draw}/rest", headers=as_member(person)), status=404)
    page(client.get(HOME, headers=as_member(alice)), status=403)


def test_nothing_to_draw_from_says_so(client, sam):
    refused = client.post(HOME, data={"id": str(new_id()), **FORM}, headers=ENGLISH | as_member(sam))
    assert "No study record of these days waits for you" in page(refused, status=409).get_text()

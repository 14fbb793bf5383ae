"""Who moves after New Year's Eve: the branch of 31 December publicises, asks and archives; the new one not."""

import json
from dataclasses import replace
from datetime import date

import pytest

from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.members.service import move_member
from app.features.scores.archive import queries, signing
from app.features.scores.archive.models import ArchivedSheet
from app.features.scores.archive.rules import State
from app.features.scores.objections.models import Objection
from app.features.scores.publicity import content
from app.features.scores.publicity.rules import Period
from tests.features.scores.archive.makers import YEAR, archived, make_publicity, noon, signed_by
from tests.features.scores.makers import make_facts
from tests.features.scores.objections.makers import object_to
from tests.makers import ENGLISH, as_member, make_member


@pytest.fixture
def otto(given, other_branch):
    """The deputy where Oscar is secretary."""
    return given(make_member, other_branch, "欧托", roles=(Role.DEPUTY,))


@pytest.fixture
def bea(given, committee):
    """The business administrator."""
    return given(make_member, committee, "贝雅", roles=(Role.BUSINESS_ADMINISTRATOR,))


@pytest.fixture
def moved(given, branch, other_branch, sam, dora, alice, bea):
    """Alice moved on 2 January; both branches have publicised the year, and the days are over."""
    given(make_facts, alice, FactType.BONUS_LECTURE, date(2026, 3, 9))
    with noon(2027, 1, 2) as time:
        given(move_member, bea.actor, member_id=alice.id, branch_id=other_branch.id)
        given(make_publicity, branch, sam, dora)
        time.move_to("2027-01-20 12:00:00+08:00")
        yield time


def test_the_branch_of_31_december_asks_and_archives(moved, given, other_branch, sam, dora, alice, oscar, otto):
    given(make_publicity, other_branch, oscar, otto)
    assert alice.id not in {one.id for one in given(queries.people, other_branch.id, YEAR)}
    given(signing.ask, oscar.actor, year=YEAR)
    given(signing.ask, sam.actor, year=YEAR)
    given(signed_by, alice)
    assert given(archived, sam, dora) == (1, 0)
    assert given(queries.archived_in, [sam.branch_id, other_branch.id], YEAR) == set()  # the others have not signed
    states = {one.id: one.state for one in given(queries.people, sam.branch_id, YEAR)}
    assert states[alice.id] is State.ARCHIVED
    key = {"member_id": alice.id, "year": YEAR, "version": 1}
    said = json.loads(given(lambda session: session.get_one(ArchivedSheet, key)).content)
    assert (said["branch"], said["person"]["group"]) == (str(sam.branch_id), None)


def test_its_publicity_shows_them_and_takes_their_objections(moved, given, branch, other_branch, alice):
    def shown(place, day):
        return alice.id in {one.id for one in given(content.content, place.id, Period(*day), None)}

    assert [shown(place, (2026, None)) for place in (branch, other_branch)] == [True, False]
    assert [shown(place, (2027, 1)) for place in (branch, other_branch)] == [False, True]
    with noon(2027, 1, 14):
        objection = given(object_to, replace(alice, actor=replace(alice.actor, branch_id=other_branch.id)))
    assert given(lambda session: session.get_one(Objection, objection)).branch_id == branch.id


def test_the_moved_one_reads_the_own_facts_where_they_were_publicised(moved, client, alice, bob, oscar, olga):
    assert client.get("/publicity/2026", headers=as_member(olga)).status_code == 404
    told = client.get("/publicity/2026", headers=as_member(alice) | ENGLISH)
    assert told.status_code == 200
    for said in ("In 第一党支部, where you were then", alice.name, "14 January", "/objections/new?year=2026"):
        assert said in told.text
    assert not any(one.name in told.text for one in (bob, oscar))
    assert client.get("/publicity/2026/print", headers=as_member(alice)).status_code == 404


def test_who_moved_and_came_back_and_who_moved_on_belong_where_they_were(
    moved, given, branch, other_branch, alice, bea
):
    given(move_member, bea.actor, member_id=alice.id, branch_id=branch.id)
    given(move_member, bea.actor, member_id=alice.id, branch_id=other_branch.id)
    here = [[one.id for one in given(queries.belonging, place.id, YEAR)] for place in (branch, other_branch)]
    assert [ids.count(alice.id) for ids in here] == [1, 0]

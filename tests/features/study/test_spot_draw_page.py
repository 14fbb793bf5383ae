"""The draw of a spot check laid open: anybody of the branch computes it again, and reads no name by that."""

import hashlib
import json

import pytest
import time_machine

from app.core.ids import new_id
from app.features.study.spot import service
from tests.features.study.makers import MORNING, make_study_record
from tests.features.study.test_spot_checks import DAYS
from tests.makers import ENGLISH, as_member
from tests.page import page
from tests.tries import answer


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def drawn(given, alice, bob, sam):
    """Ten records of Alice and one of Bob, of which two are drawn."""
    ids = [given(make_study_record, alice, title=f"第{number}课") for number in range(10)]
    ids.append(given(make_study_record, bob))
    draw = given(service.promise, sam.actor, id=new_id(), percent=10, **DAYS).id
    return draw, sorted(map(str, ids))


def shown(client, draw, person):
    return page(client.get(f"/study/spot-checks/{draw}/draw", headers=ENGLISH | as_member(person)))


def test_before_the_seed_is_revealed_its_promise_stands_there_and_no_draw(client, given, drawn, alice):
    draw, _ids = drawn
    before = shown(client, draw, alice)
    assert not before.find("pre")
    promise = next(one.get_text() for one in before.select("p.code"))
    assert len(promise) == 64
    assert "as soon as the officer has revealed it" in before.get_text()


def test_bob_computes_it_again_and_finds_his_own_record_and_no_name(client, given, drawn, sam, bob):
    draw, ids = drawn
    promise = shown(client, draw, bob).select_one("p.code").get_text()
    given(service.reveal, sam.actor, draw_id=draw)
    after = shown(client, draw, bob)
    (case,) = json.loads(after.find("pre").get_text().splitlines()[1])
    assert hashlib.sha256(case["seed"].encode()).hexdigest() == promise
    assert case["ids"] == ids
    by_hand = sorted(ids, key=lambda one: hashlib.sha256(f"{case['seed']}:{one}".encode()).hexdigest())[:2]
    assert answer("draw", case)["drawn"] == by_hand
    text = after.get_text()
    assert all(one in text for one in by_hand)
    assert text.count("your record") >= 1
    assert "艾莉" not in text
    assert "课" not in text.replace("党课", "")


def test_the_stranger_finds_nothing_and_the_record_leads_there(client, given, drawn, sam, olga):
    draw, _ids = drawn
    assert client.get(f"/study/spot-checks/{draw}/draw", headers=as_member(olga)).status_code == 404
    given(service.reveal, sam.actor, draw_id=draw)
    paper = page(client.get(f"/study/spot-checks/{draw}/paper", headers=as_member(sam)))
    assert paper.find("a", href=f"/study/spot-checks/{draw}/draw")
    assert f"/study/spot-checks/{draw}/draw" in paper.find_all("table")[-1].get_text()

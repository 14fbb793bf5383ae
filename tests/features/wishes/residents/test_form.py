"""A resident without an account hands in a wish behind the poster of the community."""

import re
from base64 import b64decode
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.core import clock
from app.features.wishes.contacts import rules as consents
from app.features.wishes.residents.models import WishSubmission
from app.features.wishes.residents.rules import MOST_AN_HOUR, MOST_AN_HOUR_HERE, SubmissionStatus
from tests.makers import ENGLISH
from tests.page import errors, page

CODE = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![\w-])")


def kept(database):
    with database.read() as session:
        return session.scalars(select(WishSubmission).order_by(WishSubmission.sent_at)).all()


def test_the_form_is_small_chinese_and_without_a_script(client, poster):
    answer = client.get(poster)
    form = page(answer)
    assert form.html["lang"] == "zh-CN"
    assert "荔园社区" in form.text
    assert not form.find_all("script")
    assert len(answer.content) < 12_000
    assert answer.headers["cache-control"] == "no-store"


def test_the_wish_is_in_and_has_a_receipt(client, database, poster, typed):
    thanks = page(client.post(poster, data=typed))
    assert CODE.search(thanks.text)
    picture = thanks.find("img", class_="receipt-picture")["src"]
    assert b64decode(picture.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
    assert thanks.find("a", download=True)["href"] == picture, "kept without a script, and in no address"
    (row,) = kept(database)
    assert row.status is SubmissionStatus.WAITING
    assert row.consent_version == consents.VERSION
    assert "周桂英" not in str(vars(row))


def test_an_english_reader_agrees_to_english_words_and_that_is_recorded(client, database, poster, typed):
    form = page(client.get(poster, headers=ENGLISH))
    assert "I agree that the community keeps my name" in form.text
    assert "我同意" not in form.text
    client.post(poster, data=typed, headers=ENGLISH)
    (row,) = kept(database)
    assert row.consent_version == "2026.1-en"


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_a_line_end_counts_once_whoever_sends_it(client, database, poster, typed, line_end):
    need = line_end.join(["灯坏了"] * 75)
    assert len(need.replace("\r", "")) == 299
    assert client.post(poster, data=typed | {"need": need + "。"}).status_code == 200
    assert len(kept(database)) == 1


def test_who_types_a_wrong_address_is_helped_and_not_led_to_sign_in(client, poster):
    lost = page(client.get("/c/abcd"), 404)
    assert not lost.select("a[href='/'], a[href^='/sign-in']")
    assert lost.find("form", action="/c")
    assert lost.find("a", href="/receipt")
    word = poster.rsplit("/", 1)[1]
    for typed in (word, f" {word.upper()} ", f"party.example.org/c/{word}"):
        found = client.get("/c", params={"word": typed}, follow_redirects=True)
        assert "荔园社区" in found.text, typed
    assert client.get("/c", params={"word": ""}, follow_redirects=True).status_code == 404
    assert not page(client.get("/w/none"), 404).select("a[href='/'], a[href^='/sign-in']")


def test_the_same_form_sent_twice_is_one_wish(client, database, poster, typed):
    typed["receipt"] = client.get(poster).text.split('name="receipt" value="')[1][:14]
    first = CODE.search(client.post(poster, data=typed).text)
    again = CODE.search(client.post(poster, data=typed).text)
    assert first
    assert again
    assert first[0] == again[0] == typed["receipt"]
    assert len(kept(database)) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"need": ""}, "need"),
        ({"need": "字" * 301}, "need"),
        ({"category": "gold"}, "category"),
        ({"wanted_by": "2001-02-03"}, "wanted_by"),
        ({"wanted_by": "明天"}, "wanted_by"),
        ({"name": " "}, "name"),
        ({"phone": "没有"}, "phone"),
        ({"phone": "", "address": ""}, "phone"),
        ({"agreed": ""}, "agreed"),
        ({"for_whom": "other"}, "agreed_other"),
        ({"need": "残疾证快到期了，想请人陪去办。"}, "agreed_sensitive"),
        ({"category": "hardship"}, "agreed_sensitive"),
        ({"under_14": "yes", "agreed_guardian": "yes"}, "guardian"),
        ({"under_14": "yes", "guardian": "周敏"}, "agreed_guardian"),
        ({"website": "https://example.org"}, "website"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, database, poster, typed, changed, field):
    answer = page(client.post(poster, data=typed | changed), 422)
    assert field in errors(answer)
    words = [changed.get(name, typed[name]) for name in ("need", "name", "address")]
    typed_again = [answer.find("textarea").text] + [
        answer.find("input", {"name": n})["value"] for n in ("name", "address")
    ]
    assert [text.strip() for text in typed_again] == [text.strip() for text in words]
    assert kept(database) == []


def test_the_field_for_programs_shows_once_it_was_filled(client, poster, typed):
    answer = page(client.post(poster, data=typed | {"website": "x"}), 422)
    assert "visually-hidden" not in answer.find(id="website").parent["class"]
    assert CODE.search(client.post(poster, data=typed).text), "a person who empties it gets through"


def test_a_wish_for_somebody_else_and_for_a_child(client, database, poster, typed):
    typed |= {
        "for_whom": "other",
        "agreed_other": "yes",
        "under_14": "yes",
        "guardian": "周敏",
        "agreed_guardian": "yes",
    }
    page(client.post(poster, data=typed))
    assert len(kept(database)) == 1


def test_one_connection_has_so_many_an_hour(client, database, poster, typed):
    for number in range(MOST_AN_HOUR):
        page(client.post(poster, data=typed | {"name": f"周{number}"}))
    answer = page(client.post(poster, data=typed | {"name": "周桂英"}), 429)
    assert answer.find("input", {"name": "name"})["value"] == "周桂英"
    assert len(kept(database)) == MOST_AN_HOUR


def test_all_connections_together_have_so_many_an_hour(app, database, poster, typed):
    for number in range(MOST_AN_HOUR_HERE):
        neighbour = TestClient(app, client=(f"198.51.100.{number}", 5000), headers={"Sec-Fetch-Site": "same-origin"})
        page(neighbour.post(poster, data=typed | {"name": f"周{number}"}))
    last = TestClient(app, client=("203.0.113.1", 5000), headers={"Sec-Fetch-Site": "same-origin"} | ENGLISH)
    answer = page(last.post(poster, data=typed | {"name": "周桂英"}), 429)
    assert "service desk" in answer.text
    assert answer.find("input", {"name": "name"})["value"] == "周桂英"
    assert len(kept(database)) == MOST_AN_HOUR_HERE
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        page(last.post(poster, data=typed | {"name": "周桂英"}))


@pytest.mark.parametrize("word", ["abcdefgh23456789", "x", "é" * 16, "..%2f..", "a" * 900])
def test_an_address_that_no_poster_has_says_where_to_turn(client, word):
    answer = client.get(f"/c/{word}", headers=ENGLISH)
    assert answer.status_code == 404
    assert "poster" in answer.text or "There is nothing here" in answer.text


def test_without_the_key_nothing_typed_is_lost(client, database, poster, typed, monkeypatch):
    from app.core import sealing

    def missing():
        raise sealing.KeyMissingError

    monkeypatch.setattr("app.features.wishes.residents.sealed.sealer", missing)
    answer = page(client.post(poster, data=typed), 503)
    assert typed["need"] in answer.find("textarea").text
    assert kept(database) == []

"""Withdrawn is withdrawn, also for visitors behind a cache that obeys headers."""

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

from tests.features.shows.cards.makers import make_identity, make_photo
from tests.features.shows.public.caches import Cache, NobodyAnswersError
from tests.features.shows.public.makers import make_public, withdraw


@pytest.fixture
def cache(client):
    return Cache(client)


@pytest.mark.parametrize("what", ["", "/photo"], ids=["page", "photo"])
def test_gone_in_the_moment_of_taking_back_also_behind_a_cache(cache, given, alice, what):
    given(make_photo, alice)
    address = given(make_public, alice) + what
    assert [cache.get(address).status_code for _ in range(3)] == [200, 200, 200]
    given(withdraw, alice)
    assert cache.get(address).status_code == 404
    assert cache.get(address).status_code == 404


def test_a_cache_asks_each_time_and_is_answered_in_a_word(cache, client, given, alice):
    address = given(make_public, alice)
    first = cache.get(address)
    assert cache.get(address) is first  # its copy, after the server has said 304
    assert cache.asked == 2
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]


def test_what_changed_is_seen_at_once(cache, given, alice):
    given(make_identity, alice, motto="先前")
    address = given(make_public, alice)
    assert "先前" in cache.get(address).text
    given(make_identity, alice, motto="后来")
    assert "后来" in cache.get(address).text


def test_without_the_server_no_copy_is_shown(cache, given, alice):
    address = given(make_public, alice)
    cache.get(address)
    cache.reaches_server = False
    with pytest.raises(NobodyAnswersError):
        cache.get(address)


def test_languages_do_not_mix(cache, given, alice):
    address = given(make_public, alice)
    chinese = cache.get(address, {"accept-language": "zh-CN"})
    english = cache.get(address, {"accept-language": "en"})
    assert ('lang="zh-CN"' in chinese.text, 'lang="en"' in english.text) == (True, True)


def test_who_is_signed_in_sees_the_same_bytes(client, given, alice, bob):
    address = given(make_public, alice)
    looks = {"Cookie": "sanliang_lang=en; sanliang_theme=dark; sanliang_text=large"}
    signed_in = {"Cookie": f"sanliang_session={bob.token}"}
    pages = {client.get(address, headers=headers).content for headers in ({}, looks, signed_in)}
    assert len(pages) == 1


def test_the_cache_of_these_tests_is_one():
    """It does keep and use what it may: the tests above prove something about our headers."""
    app, answered = FastAPI(), []

    def answer(orders: str) -> Response:
        answered.append(orders)
        return Response(str(len(answered)), headers={"Cache-Control": orders} if orders != "-" else {})

    app.add_api_route("/{orders}", answer)
    cache = Cache(TestClient(app))
    assert [cache.get("/max-age=60").text for _ in range(2)] == ["1", "1"]
    assert [cache.get("/no-store").text for _ in range(2)] == ["2", "3"]
    assert cache.get("/-").text == "4"
    cache.reaches_server = False
    assert cache.get("/-").text == "4"

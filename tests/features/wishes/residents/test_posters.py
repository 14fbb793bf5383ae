"""A community's poster is made once and renewed by who answers for it; the old address says kindly where to turn."""

import pytest
from sqlalchemy import select

from app.features.wishes.residents import service
from app.features.wishes.residents.models import WishPoster
from app.features.wishes.residents.rules import SIGNS, TOKEN_LENGTH, new_poster_token, read_poster_token
from tests.makers import ENGLISH, as_member
from tests.page import page
from tests.races import race


@pytest.fixture
def address(community):
    return f"/communities/{community.id}/poster"


def posters(database):
    with database.read() as session:
        return session.scalars(select(WishPoster).order_by(WishPoster.made_at)).all()


def look(client, person, address, status=200):
    return page(client.get(address, headers=as_member(person) | ENGLISH), status)


def send(client, person, address, **typed):
    return client.post(address, data=typed, headers=as_member(person) | ENGLISH)


@pytest.mark.parametrize("who", ["cora", "sam"])
def test_it_is_made_once(client, database, address, who, request):
    person = request.getfixturevalue(who)
    assert "No poster yet" in look(client, person, address).text
    for _twice in range(2):
        assert send(client, person, address).headers["location"] == address
    (poster,) = posters(database)
    shown = look(client, person, address)
    assert f"/c/{poster.token}" in shown.text
    assert shown.select_one(".poster-picture svg")
    assert len(look(client, person, address + "/cards").select(".slip-picture svg")) == 8


def test_a_renewed_one_says_where_to_turn(client, database, address, cora, community):
    send(client, cora, address)
    (old,) = posters(database)
    for _twice in range(2):
        send(client, cora, address + "/renew", token=old.token)
    old, new = posters(database)
    assert (old.ended_by_id, new.ended_at) == (cora.id, None)
    gone = page(client.get(f"/c/{old.token}", headers=ENGLISH), 410)
    assert community.name in gone.text
    assert "new poster" in gone.text
    page(client.post(f"/c/{old.token}", data={"need": "x"}), 410)
    page(client.get(f"/c/{new.token}"))


def test_a_page_that_is_old_renews_nothing(client, database, address, cora):
    send(client, cora, address)
    send(client, cora, address + "/renew", token=new_poster_token())
    assert len(posters(database)) == 1
    assert send(client, cora, address + "/renew").status_code == 422


@pytest.mark.parametrize("who", ["olga", "oscar", "alice", "carl"])
def test_others_do_not_come_near(client, database, address, who, request):
    person = request.getfixturevalue(who)
    for answer in (
        client.get(address, headers=as_member(person)),
        client.get(address + "/cards", headers=as_member(person)),
        send(client, person, address),
        send(client, person, address + "/renew", token="x"),
    ):
        assert answer.status_code in (403, 404)
    assert posters(database) == []


@pytest.mark.race
def test_many_taps_make_one_poster(database, community, cora):
    def tap(_number):
        with database.write() as session:
            return service.make_poster(session, cora.actor, community_id=community.id).token

    made = [token for token in race(8, tap) if isinstance(token, str)]
    (poster,) = posters(database)
    assert set(made) == {poster.token}


def test_nobody_guesses_an_address():
    words = {new_poster_token() for _draw in range(200)}
    assert len(words) == 200
    assert len(SIGNS) ** TOKEN_LENGTH > 2**75
    assert all(read_poster_token(word.upper()) == word for word in words)
    assert read_poster_token("l0o1" * 4) is None

"""A story is shown as long as its wisher agrees, and gone at once when not."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.features.wishes.carrying import slips
from app.features.wishes.stories import service
from app.features.wishes.stories.models import WishStory
from app.features.wishes.stories.rules import (
    CONSENT_TEXTS,
    CONSENT_VERSION,
    AgreedHow,
    NotRealisedError,
    StoryConsentMissingError,
)
from app.features.wishes.stories.service import StoryText
from app.features.wishes.wisher import service as withdrawal
from tests.features.wishes.makers import make_realised
from tests.makers import ENGLISH, as_member
from tests.page import errors, page

WORDS = "以前下雨天就不去量血压了，现在早晚在家量一次。"
TYPED = {"story": WORDS, "agreed": "yes", "agreed_how": "spoken", "agreed_on": "2026-01-02"}


@pytest.fixture
def realised(given, wish, alice, cora):
    return given(make_realised, wish, alice, cora)


@pytest.fixture
def address(realised):
    return f"/wishes/{realised.id}/story"


@pytest.fixture
def tell(client, address):
    def send(person, files=None, **changed):
        return client.post(address, data=TYPED | changed, files=files, headers=as_member(person) | ENGLISH)

    return send


def stories(database):
    with database.read() as session:
        return session.scalars(select(WishStory)).all()


def board(client, person):
    return page(client.get("/wishes/realised", headers=as_member(person) | ENGLISH))


def picture():
    file = io.BytesIO()
    Image.new("RGB", (1200, 800), "red").save(file, "JPEG", comment=b"secret place")
    return file.getvalue()


@pytest.mark.parametrize("who", ["cora", "sam"])
def test_it_stands_on_the_board_of_the_paired_branches(client, database, tell, realised, who, request, alice, bob):
    person = request.getfixturevalue(who)
    assert tell(person).status_code == 303
    (row,) = stories(database)
    assert (row.agreed_how, row.agreed_on, row.consent_version) == (AgreedHow.SPOKEN, date(2026, 1, 2), CONSENT_VERSION)
    for reader in (alice, bob):
        assert WORDS in board(client, reader).text
    assert WORDS in page(client.get(f"/wishes/{realised.id}", headers=as_member(alice))).text


@pytest.mark.parametrize("who", ["alice", "bob", "olga", "oscar", "carl"])
def test_others_tell_none(client, database, tell, address, who, request):
    person = request.getfixturevalue(who)
    assert tell(person).status_code in (403, 404)
    assert client.get(address, headers=as_member(person)).status_code in (403, 404)
    assert client.post(address + "/take-down", headers=as_member(person)).status_code in (403, 404)
    assert stories(database) == []


def test_without_consent_nothing_is_shown(database, tell, cora):
    answer = page(tell(cora, agreed=""), 422)
    assert "agreed" in errors(answer)
    assert answer.find("textarea").text.strip() == WORDS
    assert stories(database) == []


def test_it_names_no_number(database, tell, cora):
    assert "story" in errors(page(tell(cora, story="打电话 13812345678 谢谢他"), 422))
    assert stories(database) == []


def test_a_better_text_keeps_the_consent(database, tell, cora, sam):
    tell(cora)
    tell(sam, story="改过的小故事。", agreed="", agreed_on="2026-05-05")
    (row,) = stories(database)
    assert (row.story, row.agreed_on, row.written_by_id) == ("改过的小故事。", date(2026, 1, 2), sam.id)


def test_the_photo_is_drawn_anew_and_may_go(client, database, tell, address, cora, alice, olga):
    tell(cora, files={"photo": ("a.jpg", picture(), "image/jpeg")})
    shown = client.get(address + "/photo", headers=as_member(alice))
    assert shown.headers["content-type"] == "image/webp"
    assert b"secret place" not in shown.content
    assert client.get(address + "/photo", headers=as_member(olga)).status_code == 404
    tell(cora)
    assert client.get(address + "/photo", headers=as_member(alice)).status_code == 200
    tell(cora, without_photo="yes")
    assert client.get(address + "/photo", headers=as_member(alice)).status_code == 404
    assert "photo" in errors(page(tell(cora, files={"photo": ("a.jpg", b"no picture", "image/jpeg")}), 422))


def test_taken_down_it_is_gone_at_once(client, database, tell, address, cora, alice):
    tell(cora, files={"photo": ("a.jpg", picture(), "image/jpeg")})
    for _twice in range(2):
        assert client.post(address + "/take-down", headers=as_member(cora)).status_code == 303
    (row,) = stories(database)
    assert (row.story, row.photo, row.ended_by_id) == (None, None, cora.id)
    assert WORDS not in board(client, alice).text
    tell(cora, agreed="")
    assert len(stories(database)) == 1, "a new story needs a new consent"
    tell(cora)
    assert [bool(row.story) for row in stories(database)].count(True) == 1


def test_the_wisher_takes_it_down_with_the_slip(client, given, database, tell, cora, realised):
    tell(cora)
    token = given(slips.issue_slip, cora.actor, wish_id=realised.id).token
    assert WORDS in page(client.get(f"/w/{token}", headers=ENGLISH)).text
    for _twice in range(2):
        assert client.post(f"/w/{token}/story-down").headers["location"] == f"/w/{token}"
    (row,) = stories(database)
    assert (row.story, row.ended_by_id) == (None, None)
    assert WORDS not in page(client.get(f"/w/{token}")).text


def test_a_wish_that_is_taken_back_takes_its_story_along(given, database, tell, cora, realised):
    tell(cora)
    given(withdrawal.withdraw, wish_id=realised.id, by_wisher=True)
    assert [row.story for row in stories(database)] == [None]


def test_only_what_came_true_has_a_story(given, wish, cora):
    told = StoryText(story=WORDS, agreed=True, agreed_how=AgreedHow.WRITTEN, agreed_on=clock.today())
    with pytest.raises(NotRealisedError):
        given(service.tell, cora.actor, wish_id=wish.id, told=told)


def test_nobody_agrees_tomorrow(given, realised, cora):
    tomorrow = clock.today() + timedelta(days=1)
    told = StoryText(story=WORDS, agreed=True, agreed_how=AgreedHow.WRITTEN, agreed_on=tomorrow)
    assert given(service.tell, cora.actor, wish_id=realised.id, told=told).agreed_on == clock.today()
    given(service.take_down, wish_id=realised.id, by_id=None)
    silent = StoryText(story=WORDS, agreed=False, agreed_how=AgreedHow.WRITTEN, agreed_on=tomorrow)
    with pytest.raises(StoryConsentMissingError):
        given(service.tell, cora.actor, wish_id=realised.id, told=silent)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wish_stories SET agreed_on = '2020-01-01'",
        "UPDATE wish_stories SET consent_version = 'x'",
        "UPDATE wish_stories SET story = NULL",
        "DELETE FROM wish_stories",
    ],
)
def test_the_database_keeps_the_consent(given, tell, cora, change):
    tell(cora)
    with pytest.raises(DBAPIError):
        given(lambda session: session.execute(text(change)))


def test_the_words_of_a_version_never_change():
    """A text in use has been agreed to: a change of words is a new version."""
    assert CONSENT_TEXTS["2026.1"] == (
        "我同意把这个心愿实现的经过写成一则小故事，给结对党支部的同志看。故事里不写我的姓名、电话和住址，"
        "照片只拍物品、不拍人。我随时可以说“撤下来”，说了马上就撤。"
    )

"""Red line 10: no sentence that others read says who wishes, wherever it is written."""

from datetime import timedelta

import pytest
import time_machine

from app.core import clock, sealing
from app.core.errors import NotFoundError
from app.features.private.rules import ConsentKind, Contact, NamesSomebodyError
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import claims
from app.features.wishes.carrying import fulfilment as service
from app.features.wishes.contacts.service import check_sentence
from app.features.wishes.desk import service as publishing
from app.features.wishes.intake import service as intake
from app.features.wishes.intake.rules import PersonalDataError
from app.features.wishes.intake.service import WishText
from app.features.wishes.models import WishEvent
from app.features.wishes.rules import Category
from app.features.wishes.stories import service as stories
from app.features.wishes.stories.rules import AgreedHow
from app.features.wishes.stories.service import StoryText
from tests.features.wishes.makers import make_claimed, make_draft, make_fulfilled, make_realised
from tests.makers import ENGLISH, as_member
from tests.page import errors, page

CONTACT = Contact(name="欧阳翠屏", phone="62345", address="梧桐弄77号4栋1203室")
NAMING = ("交给欧阳翠屏了", "先打 136.9876.5432", "送到4栋1203", "电话 62345", "座机 8234 5678")


@pytest.fixture
def reachable(given, wish, cora):
    """The wish on the board, whose wisher can be reached."""
    given(keep, wish, cora)
    return wish


def keep(session, wish, collector):
    intake.add_contact(session, collector.actor, wish_id=wish.id, contact=CONTACT, consents=frozenset(ConsentKind))


def speaking(person):
    return as_member(person) | ENGLISH


def kept_words(database):
    with database.read() as session:
        return [event.note for event in session.query(WishEvent) if event.note]


def test_the_sentence_of_handing_over_says_nobody(client, database, given, reachable, alice):
    given(make_claimed, reachable, alice)
    for said in NAMING:
        typed = {"day": clock.today().isoformat(), "sentence": said}
        response = client.post(f"/wishes/{reachable.id}/fulfil", data=typed, headers=speaking(alice))
        assert "leave out" in errors(page(response, 422))["sentence"]
        assert page(response, 422).find(attrs={"name": "sentence"})["value"] == said
    assert kept_words(database) == []


def test_the_reason_of_giving_back_says_nobody(client, database, given, reachable, alice):
    given(make_claimed, reachable, alice)
    for said in NAMING:
        response = client.post(f"/wishes/{reachable.id}/release", data={"reason": said}, headers=speaking(alice))
        assert "leave out" in errors(page(response, 422))["reason"]
        assert page(response, 422).find(attrs={"name": "reason"})["value"] == said
    assert kept_words(database) == []
    response = client.post(f"/wishes/{reachable.id}/release", data={"reason": "要出差"}, headers=speaking(alice))
    assert response.status_code == 303


def test_what_is_still_missing_says_nobody(client, database, given, reachable, alice, cora):
    given(make_fulfilled, reachable, alice)
    before = kept_words(database)
    for said in NAMING:
        response = client.post(f"/wishes/{reachable.id}/not-yet", data={"note": said}, headers=speaking(cora))
        assert "leave out" in errors(page(response, 422))["note"]
        assert page(response, 422).find(attrs={"name": "note"})["value"] == said
    assert kept_words(database) == before


def test_what_was_found_looking_back_says_nobody(client, database, given, reachable, alice, bob, cora):
    given(make_realised, reachable, alice, cora)
    before = kept_words(database)
    with time_machine.travel(clock.now() + timedelta(days=15)):
        for said in NAMING:
            typed = {"helped": "yes", "sentence": said}
            response = client.post(f"/wishes/{reachable.id}/revisit", data=typed, headers=speaking(bob))
            assert "leave out" in errors(page(response, 422))["sentence"]
            assert page(response, 422).find(attrs={"name": "sentence"})["value"] == said
    assert kept_words(database) == before


def test_a_story_names_no_wisher(client, given, reachable, alice, cora):
    given(make_realised, reachable, alice, cora)
    for said in NAMING:
        typed = {"story": said, "agreed": "yes", "agreed_how": AgreedHow.SPOKEN.value}
        response = client.post(f"/wishes/{reachable.id}/story", data=typed, headers=speaking(cora))
        assert "leave out" in errors(page(response, 422))["story"]
        assert said in page(response, 422).find(attrs={"name": "story"}).get_text()


def test_the_desk_returns_and_refers_without_naming_the_wisher(given, branch, community, cora, sam):
    wish = given(make_draft, community, branch, cora)
    given(keep, wish, cora)
    given(wish_service.submit, wish_id=wish.id, by_id=cora.id)
    for said in NAMING:
        with pytest.raises(NamesSomebodyError):
            given(publishing.return_to_collector, sam.actor, wish_id=wish.id, reason=said)
        for words in ({"channel": said, "sentence": "谢谢。"}, {"channel": "社区服务中心", "sentence": said}):
            with pytest.raises(NamesSomebodyError):
                given(publishing.refer, sam.actor, wish_id=wish.id, **words)


def test_an_officer_writes_no_wisher_into_the_text_of_a_published_wish(given, reachable, sam):
    text = WishText(title="给欧阳翠屏送收音机", need="", category=Category.ELDERLY)
    with pytest.raises(PersonalDataError):
        given(intake.change, sam.actor, wish_id=reachable.id, text=text)


def test_numbers_are_seen_without_a_contact_and_without_its_key(given, reachable, monkeypatch):
    def no_key():
        raise sealing.KeyMissingError

    monkeypatch.setattr("app.features.wishes.contacts.service.sealer", no_key)
    with pytest.raises(NamesSomebodyError):
        given(check_sentence, reachable.id, "电话 13698765432")
    given(check_sentence, reachable.id, "2026 年送到，花了 120 元", "")


def test_who_may_not_write_learns_nothing_of_the_wisher(given, reachable, olga):
    said = "交给欧阳翠屏了"
    told = StoryText(story=said, agreed=True, agreed_how=AgreedHow.SPOKEN, agreed_on=clock.today())
    for attempt, words in (
        (claims.release, {"reason": said}),
        (service.fulfil, {"sentence": said, "day": clock.today()}),
        (service.not_yet, {"note": said}),
        (stories.tell, {"told": told}),
    ):
        with pytest.raises(NotFoundError):
            given(attempt, olga.actor, wish_id=reachable.id, **words)

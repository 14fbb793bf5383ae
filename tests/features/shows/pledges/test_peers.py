"""What colleagues saw, where the branch asks for it: words for people, by name, never numbers."""

import pytest
import time_machine

from app.core.errors import NotFoundError
from app.features.reviews import service as reviews
from app.features.shows.pledges import peers
from app.features.shows.pledges.errors import PeersNotAskedError
from app.features.shows.pledges.review_kinds import outcome_particulars
from app.features.shows.pledges.rules import PeerWord
from tests.features.shows.pledges.makers import DECEMBER, JANUARY, MARCH, make_approved, make_ended, make_submitted


@pytest.fixture(autouse=True)
def in_december():
    with time_machine.travel(DECEMBER, tick=False):
        yield


@pytest.fixture
def asking(session, sam):
    peers.ask_peers(session, sam.actor, asks_peers=True)


def say(session, person, pledge_id, word=PeerWord.KEPT, sentence=None):
    peers.say_word(session, person.actor, pledge_id=pledge_id, word=word, sentence=sentence)


def names(colleagues):
    return [colleague.name for colleague in colleagues]


def test_a_branch_does_not_ask_unless_it_wants_to(session, alice, bob, sam):
    pledge_id, _ending = make_ended(session, alice, sam)
    assert peers.before_peers(session, bob.actor).asked_about == []
    with pytest.raises(PeersNotAskedError):
        say(session, bob, pledge_id)


@pytest.mark.usefixtures("asking")
def test_it_may_stop_asking_and_words_stay(session, alice, bob, sam):
    pledge_id, _ending = make_ended(session, alice, sam)
    say(session, bob, pledge_id)
    peers.ask_peers(session, sam.actor, asks_peers=False)
    assert not peers.branch_asks(session, sam.branch_id)
    assert len(peers.words_about(session, [pledge_id])[pledge_id]) == 1


@pytest.mark.usefixtures("asking")
def test_bob_says_what_he_saw_and_may_say_it_anew(session, alice, bob, sam):
    pledge_id, _ending = make_ended(session, alice, sam)
    say(session, bob, pledge_id, PeerWord.CANNOT_TELL)
    say(session, bob, pledge_id, PeerWord.PARTLY, "见过清单")
    (word,) = peers.words_about(session, [pledge_id])[pledge_id]
    assert (word.name, word.word, word.sentence) == (bob.name, PeerWord.PARTLY, "见过清单")
    assert peers.my_words(session, bob.actor)[pledge_id].sentence == "见过清单"


@pytest.mark.usefixtures("asking")
def test_officers_read_words_by_name_and_no_numbers(session, alice, bob, sam, dora, english):
    pledge_id, ending_id = make_ended(session, alice, sam)
    for person in (sam, dora, bob):
        say(session, person, pledge_id)
    told = [(str(label), text) for label, text in outcome_particulars(session, ending_id)]
    words = [label for label, text in told if text == "I saw it kept"]
    assert words == [word.name for word in peers.words_about(session, [pledge_id])[pledge_id]]
    assert sorted(words) == sorted(person.name for person in (sam, dora, bob))


@pytest.mark.usefixtures("asking")
def test_all_running_ones_are_asked_about_in_december_by_group_and_name(session, alice, bob, sam):
    for person in (bob, alice):
        make_approved(session, person, sam)
    assert sorted(names(peers.before_peers(session, sam.actor).asked_about)) == sorted([alice.name, bob.name])
    assert names(peers.before_peers(session, alice.actor).asked_about) == [bob.name]
    with time_machine.travel(MARCH, tick=False):
        assert peers.before_peers(session, sam.actor).asked_about == []


@pytest.mark.usefixtures("asking")
def test_in_january_it_is_still_last_year(session, alice, bob, sam):
    make_approved(session, alice, sam)
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        assert names(peers.before_peers(session, bob.actor).asked_about) == [alice.name]


@pytest.mark.usefixtures("asking")
def test_not_after_the_decision(session, alice, bob, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    reviews.approve(session, sam.actor, [ending_id])
    with pytest.raises(PeersNotAskedError):
        say(session, bob, pledge_id)


@pytest.mark.usefixtures("asking")
def test_nobody_speaks_of_the_own_ones_and_olga_sees_nothing(session, alice, olga, sam):
    pledge_id, _ending = make_ended(session, alice, sam)
    for person in (alice, olga):
        with pytest.raises(NotFoundError):
            say(session, person, pledge_id)
    assert peers.before_peers(session, olga.actor).asked_about == []


@pytest.mark.usefixtures("asking")
def test_a_draft_is_nobodys_business(session, alice, bob):
    with time_machine.travel(JANUARY, tick=False):
        pledge_id, _other = make_submitted(session, alice)
    with pytest.raises(NotFoundError):
        say(session, bob, pledge_id)


def test_what_is_approved_is_shown_to_the_branch_for_three_working_days(session, alice, bob, olga, sam):
    make_approved(session, alice, sam)
    with time_machine.travel("2026-01-15 10:00:00+08:00", tick=False):
        assert names(peers.before_peers(session, bob.actor).in_publicity) == [alice.name]
        assert peers.before_peers(session, olga.actor).in_publicity == []
    with time_machine.travel("2026-01-16 10:00:00+08:00", tick=False):
        assert peers.before_peers(session, bob.actor).in_publicity == []

"""What pledges ask of people, as reminders: taken back in the moment it is done; and what is kept, to take along."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from app.core.ids import new_id
from app.features.notices import queries as notices
from app.features.notices import service as notices_service
from app.features.shows.own_data import PLEDGES as SECTIONS
from app.features.shows.pledges import due, peers, progress, service
from app.features.shows.pledges.progress import PLEDGE_PROGRESS
from app.features.shows.pledges.rules import Ending, PeerWord, Progress
from tests.features.shows.pledges.makers import DECEMBER, JANUARY, MARCH, make_approved, make_draft, make_ended
from tests.features.shows.pledges.test_captures import captured

SHANGHAI = ZoneInfo("Asia/Shanghai")


def remind(session, at):
    notices_service.raise_due(session, due.PLEDGES, datetime.fromisoformat(at).astimezone(SHANGHAI))


def said(session, person):
    return [reminder.sentence for reminder in notices.shown(session, person.actor)]


def test_handing_in_takes_the_reminder_back(session, alice, english):
    with time_machine.travel(JANUARY, tick=False):
        remind(session, JANUARY)
        assert said(session, alice) == ["Write this year's pledges"]
        for text in ("走访 2 户", "办结 3 件"):
            make_draft(session, alice, text=text)
        assert said(session, alice)
        service.submit(session, alice.actor)
        assert said(session, alice) == []


def test_the_last_tap_of_a_quarter_takes_it_back(session, alice, sam):
    one, other = make_approved(session, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        remind(session, MARCH)
        progress.report_progress(session, alice.actor, id=new_id(), pledge_id=one, state=Progress.ON_TRACK)
        assert len(said(session, alice)) == 1
        PLEDGE_PROGRESS.take(session, [captured(alice, other)])
        assert said(session, alice) == []


def test_the_last_word_about_the_end_takes_it_back(session, alice, bob, sam):
    pledges = make_approved(session, alice, sam)
    make_approved(session, bob, sam)
    with time_machine.travel(DECEMBER, tick=False):
        remind(session, DECEMBER)
        for pledge_id in pledges:
            progress.report_outcome(session, alice.actor, id=new_id(), pledge_id=pledge_id, outcome=Ending.DONE)
        assert said(session, alice) == []
        assert len(said(session, bob)) == 1


@pytest.fixture
def year(session, alice, bob, sam):
    """A pledge of which all was said, also by a colleague."""
    pledge_id, _ending = make_ended(session, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        running, _other = make_approved(session, alice, sam, "走访 2 户", "办结 3 件")
        progress.report_progress(
            session, alice.actor, id=new_id(), pledge_id=running, state=Progress.ON_TRACK, note="在走"
        )
    with time_machine.travel(DECEMBER, tick=False):
        peers.ask_peers(session, sam.actor, asks_peers=True)
        peers.say_word(session, bob.actor, pledge_id=pledge_id, word=PeerWord.PARTLY, sentence="见过")


@pytest.mark.usefixtures("year")
def test_everything_said_can_be_taken_along(session, alice, bob, olga):
    def held(person):
        return {section.name: len(section.rows(session, person.actor)) for section in SECTIONS}

    assert held(alice) == {"pledges": 4, "pledge_progress": 1, "pledge_endings": 1, "pledge_words": 1}
    assert held(bob) == {"pledges": 0, "pledge_progress": 0, "pledge_endings": 0, "pledge_words": 1}
    assert set(held(olga).values()) == {0}


@pytest.mark.usefixtures("year")
def test_each_column_is_there_and_has_words(session, alice, english):
    for section in SECTIONS:
        for row in section.rows(session, alice.actor):
            for name in section.columns:
                value = getattr(row, name)
                assert section.words[name](value) if name in section.words else hasattr(row, name)

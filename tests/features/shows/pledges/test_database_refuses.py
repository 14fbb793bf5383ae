"""The database keeps what was handed in, said and proposed, whoever asks."""

from datetime import date

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.ids import new_id
from app.features.shows.pledges import progress
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress, PledgeWord
from app.features.shows.pledges.rules import Ending, PeerWord, Progress, Side
from tests.features.shows.pledges.makers import make_approved, make_draft, make_ended


def tell(session, alice, sam):
    """A pledge that has ended, in its member's word, and another of which something was said."""
    pledge_id, ending_id = make_ended(session, alice, sam)
    other, _more = make_approved(session, alice, sam, "走访 2 户", "办结 3 件积案")
    progress.report_progress(session, alice.actor, id=new_id(), pledge_id=other, state=Progress.ON_TRACK)
    return pledge_id, ending_id


@pytest.fixture
def told(given, alice, sam):
    return given(tell, alice, sam)


CHANGES = [
    "UPDATE pledges SET text = '别的'",
    "DELETE FROM pledges WHERE id NOT IN (SELECT pledge_id FROM pledge_outcomes)",
    "UPDATE pledge_progress SET state = 'done'",
    "DELETE FROM pledge_progress",
    "UPDATE pledge_outcomes SET outcome = 'done'",
    "DELETE FROM pledge_outcomes",
]
OF_ONE = {
    "sqlite": [
        "INSERT OR REPLACE INTO pledges SELECT * FROM pledges",
        "INSERT OR REPLACE INTO pledge_progress SELECT * FROM pledge_progress",
        "INSERT OR REPLACE INTO pledge_outcomes SELECT * FROM pledge_outcomes",
    ],
    "postgresql": [
        "TRUNCATE pledges CASCADE",
        "TRUNCATE pledge_progress",
        "TRUNCATE pledge_outcomes",
    ],
}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_what_was_said(database, change):
    with pytest.raises(IntegrityError, match=r"append-only|stays as it was"), database.write() as session:
        session.execute(text(change))


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("number", range(3))
def test_nor_by_the_ways_only_one_engine_has(database, number):
    with pytest.raises(IntegrityError, match=r"append-only|there already"), database.write() as session:
        session.execute(text(OF_ONE[database.url.get_backend_name()][number]))


def test_a_draft_may_still_be_changed_and_removed(given, database, alice):
    with_time = clock.today().replace(month=12, day=20)
    given(make_draft, alice, due_on=with_time)
    with database.write() as session:
        session.execute(text("UPDATE pledges SET text = '别的'"))
        session.execute(text("DELETE FROM pledges"))


def pledge(alice, **other):
    return {
        "id": new_id(),
        "branch_id": alice.branch_id,
        "member_id": alice.id,
        "year": 2026,
        "side": Side.WORK,
        "text": "走访 2 户",
        "sign": "走访记录 2 份",
        "due_on": date(2026, 12, 20),
        "written_by_id": alice.id,
        "written_at": clock.now(),
        **other,
    }


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"text": " "}, "has_text"),
        ({"sign": ""}, "has_sign"),
        ({"due_on": date(2027, 1, 1)}, "due_in_its_year"),
        ({"year": 1999, "due_on": date(1999, 1, 1)}, "year_plausible"),
    ],
)
def test_a_pledge_says_something_that_can_be_checked_in_its_year(session, alice, wrong, name):
    with pytest.raises(IntegrityError, match=name), session.begin_nested():
        session.execute(insert(Pledge), [pledge(alice, **wrong)])
    session.execute(insert(Pledge), [pledge(alice)])


def test_two_people_cannot_both_say_the_first_word(session, alice, sam):
    pledge_id, ending_id = tell(session, alice, sam)
    row = {"pledge_id": pledge_id, "member_id": alice.id, "outcome": Ending.DONE, "said_on": date(2026, 12, 14)}
    with pytest.raises(IntegrityError, match=r"attempt|there already|pk_"), session.begin_nested():
        session.execute(insert(PledgeOutcome), [{"id": ending_id, "attempt": 1, **row}])


def test_an_objective_reason_has_a_name(session, alice, sam):
    pledge_id, ending_id = tell(session, alice, sam)
    row = {"id": ending_id, "pledge_id": pledge_id, "member_id": alice.id, "attempt": 2, "said_on": date(2026, 12, 14)}
    with pytest.raises(IntegrityError, match=r"reason_named|there already"), session.begin_nested():
        session.execute(insert(PledgeOutcome), [row | {"outcome": Ending.EXCUSED}])


def test_nothing_is_said_of_a_pledge_of_somebody_else(session, alice, bob, sam):
    pledge_id, _ending = tell(session, alice, sam)
    now = clock.now()
    tap = {
        "id": new_id(),
        "pledge_id": pledge_id,
        "member_id": bob.id,
        "quarter": 1,
        "state": Progress.DONE,
        "recorded_by_id": bob.id,
        "said_at": now,
        "received_at": now,
        "made_offline": False,
    }
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(PledgeProgress), [tap])
    word = {"pledge_id": pledge_id, "peer_id": alice.id, "member_id": alice.id, "word": PeerWord.KEPT, "said_at": now}
    with pytest.raises(IntegrityError, match="not_about_oneself"), session.begin_nested():
        session.execute(insert(PledgeWord), [word])

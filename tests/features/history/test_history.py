"""What happened to a thing is written once, read in order, and changed by nobody."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.i18n import lazy_gettext as _
from app.core.ids import new_id
from app.core.words import Word
from app.features.history.models import Event
from app.features.history.service import history, record


class Step(Word):
    ENTERED = "entered", _("Entered")
    CANCELLED = "cancelled", _("Cancelled")


@pytest.fixture
def thing(given, alice):
    subject_id = new_id()
    given(record, "thing", subject_id, Step.ENTERED, by_id=alice.id, note="先记下", before="甲")
    given(record, "thing", subject_id, Step.CANCELLED, by_id=None, note="不做了")
    given(record, "thing", new_id(), Step.ENTERED, by_id=alice.id)
    return subject_id


def test_a_history_is_of_one_thing_and_oldest_first(database, thing, alice):
    with database.read() as session:
        found = history(session, thing)
    assert [(one.step, one.by, one.note) for one in found] == [
        ("entered", alice.name, "先记下"),
        ("cancelled", None, "不做了"),
    ]
    assert found[0].detail == {"before": "甲"}


@pytest.mark.parametrize("change", [update(Event).values(note="别的"), delete(Event)])
def test_the_database_lets_nobody_change_what_happened(database, thing, change):
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(change)


def test_what_is_cancelled_has_a_reason(database, alice):
    with pytest.raises(IntegrityError, match="cancelled_for_a_reason"), database.write() as session:
        record(session, "thing", new_id(), Step.CANCELLED, by_id=alice.id)


@pytest.mark.parametrize("note", ["", "  "])
def test_an_empty_sentence_is_none(database, alice, note):
    with pytest.raises(IntegrityError, match="note_not_blank"), database.write() as session:
        record(session, "thing", new_id(), Step.ENTERED, by_id=alice.id, note=note)

"""What is true of every kind of record, the next one too: nobody who adds one has to think of it."""

from datetime import date
from itertools import product

import pytest
import time_machine
from annotated_types import Ge, Le, MaxLen
from sqlalchemy import select, update
from sqlalchemy.exc import DataError, IntegrityError

from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.records import service as records
from app.features.reviews import service as reviews
from app.features.reviews.rules import Flag
from tests.features.records.kinds import RECORD_KINDS

DAY = date(2026, 3, 9)
KINDS = pytest.mark.parametrize("kind", RECORD_KINDS, ids=lambda kind: kind.name)


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel("2026-03-09 10:00:00+08:00", tick=False):
        yield


def bounds(kind):
    """What each number may be at least and at most, and how long each text: ``(field, last that passes, next)``."""
    for name, field in kind.content.model_fields.items():
        for bound in field.metadata:
            match bound:
                case Ge(ge=least):
                    yield name, least, least - 1
                case Le(le=most):
                    yield name, most, most + 1
                case MaxLen(max_length=longest):
                    yield name, "字" * longest, "字" * (longest + 1)


def said(kind):
    """The least that can be said: the first of each choice, the smallest number, no word."""
    least = {name: value for name, value, beyond in bounds(kind) if isinstance(value, int) and beyond < value}
    return least | {name: next(iter(word)) for name, word in kind.content.choices().items()}


def record(session, person, kind, /, **more):
    return records.record(session, person.actor, kind, id=new_id(), day=DAY, **(said(kind) | more))


@pytest.mark.parametrize(
    ("kind", "name", "last", "beyond"),
    [(kind, *bound) for kind in RECORD_KINDS for bound in bounds(kind)],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else getattr(value, "name", ""),
)
def test_form_and_database_have_the_same_bounds(session, alice, kind, name, last, beyond):
    table, review = kind.model.__table__, record(session, alice, kind)
    change = update(table).where(table.c.id == review.id)
    session.execute(change.values({name: last}))
    with pytest.raises((IntegrityError, DataError)), session.begin_nested():
        session.execute(change.values({name: beyond}))


@KINDS
def test_two_that_say_the_same_of_a_day_are_marked(session, alice, kind):
    first, second = record(session, alice, kind), record(session, alice, kind)
    assert (Flag.OVERLAP in first.flags, Flag.OVERLAP in second.flags) == (False, True)


@pytest.mark.parametrize("kind", [kind for kind in RECORD_KINDS if kind.content.OF_A_DAY], ids=lambda kind: kind.name)
def test_the_day_has_no_room_for_more_than_it_has(session, alice, kind):
    name, room = kind.content.OF_A_DAY
    record(session, alice, kind, title="一", **{name: room})
    assert Flag.OVERLAP in record(session, alice, kind, title="二").flags


@KINDS
def test_without_a_title_it_is_called_something(session, alice, kind):
    assert record(session, alice, kind).title


@KINDS
def test_every_choice_brings_a_fact_of_an_announced_type_that_the_ledger_takes(session, alice, sam, kind):
    choices = kind.content.choices()
    largest = {name: value for name, value, beyond in bounds(kind) if isinstance(value, int) and beyond > value}
    for number, chosen in enumerate(product(*choices.values())):
        more = dict(zip(choices, chosen, strict=True)) | largest
        review = record(session, alice, kind, title=f"第{number}次", **more)
        reviews.approve(session, sam.actor, [review.id], acknowledged=True)
        (fact,) = session.scalars(select(Fact).where(Fact.source_id.startswith(str(review.id)))).all()
        assert (fact.source, fact.fact_type in kind.fact_types) == (kind.name, True)


@KINDS
def test_an_officer_reads_every_field_that_was_filled_in(session, alice, kind):
    longest = {name: value for name, value, _beyond in bounds(kind) if isinstance(value, str)}
    review = record(session, alice, kind, **longest)
    row = kind.lists.whole(session, [review.id])[review.id]
    told = [str(label) for label, _text in kind.told(row)]
    assert told == [
        str(kind.fields[name].label) for name in kind.fields if name in kind.content.model_fields.keys() - {"title"}
    ]

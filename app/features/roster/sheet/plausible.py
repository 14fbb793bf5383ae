"""What is possible and yet most likely a slip: a note on the row, never a reason to refuse it."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.features.imports.rows import Note
from app.features.members.partial_dates import is_before
from app.features.roster.rules import Entry, NoteCode
from app.features.roster.sheet.columns import Column, heading

ADULT_YEARS: Final = 18
"""Age from which one can apply to join. Source: Party constitution, article 1."""


def implausible(entry: Entry, today: date) -> Iterator[Note]:
    """Notes on dates that hardly fit each other or lie after ``today``."""
    if entry.born and entry.joined:
        if is_before(entry.joined, entry.born):
            yield Note(NoteCode.JOINED_BEFORE_BIRTH, {"born": entry.born, "joined": entry.joined})
        elif (age := _age(entry.born, entry.joined)) < ADULT_YEARS:
            yield Note(NoteCode.JOINED_YOUNG, {"age": str(age)})
    if entry.joined and entry.confirmed and is_before(entry.confirmed, entry.joined):
        yield Note(NoteCode.CONFIRMED_EARLY, {"joined": entry.joined, "confirmed": entry.confirmed})
    for column, day in ((Column.BORN, entry.born), (Column.JOINED, entry.joined)):
        if day and is_before(today.isoformat(), day):
            yield Note(NoteCode.IN_THE_FUTURE, {"column": heading(column), "typed": day})


def _age(born: str, day: str) -> int:
    """Full years from ``born`` to ``day``; where months are not known, the birthday has been."""
    return int(day[:4]) - int(born[:4]) - is_before(day[4:], born[4:])

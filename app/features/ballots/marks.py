"""Numbers and words that stand in a form in one group of fields a person: ``mark-<id>``; and what a page showed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from app.core import ids
from app.core.errors import BadInputError

Fields = Iterable[tuple[str, object]]
"""The fields of a form, each as often as it came: ``raw.multi_items()``."""


def marks_in(fields: Fields, name: str, *, most: int) -> dict[UUID, list[int]]:
    """What was chosen or typed for each person, in the order of the fields; what is empty is 0.

    Raises:
        BadInputError: something else than a number from 0 to ``most``, or nobody's id.
    """
    found: dict[UUID, list[int]] = defaultdict(list)
    for member_id, typed in _of_people(fields, name):
        if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < len(str(most)) + 1):
            raise BadInputError
        found[member_id].append(int(typed or 0))
    if any(number > most for numbers in found.values() for number in numbers):
        raise BadInputError
    return dict(found)


def words_in(fields: Fields, name: str, *, most: int) -> dict[UUID, str]:
    """What was written for each person; what is empty is left out.

    Raises:
        BadInputError: longer than ``most`` characters, or nobody's id.
    """
    found = {member_id: typed for member_id, typed in _of_people(fields, name) if typed}
    if any(len(words) > most for words in found.values()):
        raise BadInputError
    return found


def fingerprint(*said: object) -> str:
    """What a page showed, in short: who confirms it sends it along, and so confirms nothing that came afterwards."""
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def _of_people(fields: Fields, name: str) -> Iterator[tuple[UUID, str]]:
    for field, value in fields:
        if field.startswith(f"{name}-"):
            member_id = ids.read(field.removeprefix(f"{name}-"))
            if member_id is None:
                raise BadInputError
            yield member_id, str(value).strip()

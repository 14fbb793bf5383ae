"""The words of rule sets for the catalogue of translations: they stand in data, where no call of gettext is."""

import json
from collections.abc import Iterator
from typing import BinaryIO, Final

WORDS: Final = frozenset({"title", "counted", "label"})
"""The fields of a rule set that stand on a sheet."""


def words_of_rules(piece: object) -> Iterator[str]:
    """The words that ``piece`` of a rule set says on a sheet, wherever they stand in it."""
    match piece:
        case dict():
            for name, value in piece.items():
                if name in WORDS and isinstance(value, str):
                    yield value
                yield from words_of_rules(value)
        case list():
            for value in piece:
                yield from words_of_rules(value)


def extract(file: BinaryIO, *_asked: object, **_options: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """The same for Babel, which wants line, function, message and comments."""
    for words in words_of_rules(json.load(file)):
        yield 1, "gettext", words, []

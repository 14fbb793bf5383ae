"""What the house asks of stored values: each has its words beside it, in one place."""

import importlib
import pkgutil
from collections.abc import Iterator

import app
from app.core.words import Word


def words_of(parent: type[Word] = Word) -> Iterator[type[Word]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from words_of(kind)


def wordless(kinds: Iterator[type[Word]]) -> Iterator[str]:
    for kind in kinds:
        yield from (f"{kind.__module__}.{kind.__name__}.{word.name}" for word in kind if not word.label.message)


def test_every_value_with_words_has_them():
    for module in pkgutil.walk_packages(app.__path__, "app."):
        importlib.import_module(module.name)
    found = [kind for kind in words_of() if kind.__module__.startswith("app.")]
    assert len(found) > 10
    assert list(wordless(iter(found))) == []


def test_the_rule_finds_a_value_without_words():
    class Mute(Word):
        SILENT = "silent"

    assert [name.rpartition(".")[2] for name in wordless(iter([Mute]))] == ["SILENT"]

"""What a statement costs beyond what it asks: words stand in its text, and its text is found again at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from weakref import ref

from sqlalchemy import Column, ColumnElement, Enum, MetaData, Select, Table, bindparam, func, select

from app.core.compiled import Texts
from app.core.db import Database
from app.core.enum_columns import write_words
from app.features.members.models import Organisation
from app.features.members.rules import OrganisationKind


class Reply(StrEnum):
    """Words that nobody has thought of."""

    YES = "it's"
    HALF = "50%"


REPLIES = Table("replies", MetaData(), Column("said", Enum(Reply, native_enum=False, values_callable=list)))
write_words(REPLIES)
BELOW = (OrganisationKind.BRANCH, OrganisationKind.GROUP)


def said(condition: ColumnElement[bool], database: Database) -> tuple[str, dict[str, Any]]:
    """The text of a condition, and what is handed over beside it."""
    text = select(func.count()).where(condition).compile(dialect=database.reader.dialect)
    assert not text.post_compile_params, "a list is put into the text at each execution"
    return str(text), dict(text.params)


def test_words_stand_in_the_text(database: Database) -> None:
    for condition, expected in (
        (Organisation.kind == OrganisationKind.BRANCH, "organisations.kind = 'branch'"),
        (Organisation.kind != OrganisationKind.BRANCH, "organisations.kind != 'branch'"),
        (Organisation.kind.in_(BELOW), "organisations.kind IN ('branch', 'group')"),
        (Organisation.kind.not_in(list(BELOW)), "NOT IN ('branch', 'group')"),
        (Organisation.kind == None, "organisations.kind IS NULL"),  # noqa: E711
        (REPLIES.c.said == Reply.YES, "said = 'it''s'"),
    ):
        text, values = said(condition, database)
        assert expected in text
        assert not values


def test_what_the_database_finds_is_the_same(database: Database) -> None:
    kinds: Select[OrganisationKind] = select(Organisation.kind).distinct()
    with database.read() as session:
        there = set(session.scalars(kinds))
        assert there > set(BELOW) - {OrganisationKind.GROUP}
        assert set(session.scalars(kinds.where(Organisation.kind.in_(BELOW)))) == there & set(BELOW)
        assert set(session.scalars(kinds.where(Organisation.kind.not_in(BELOW)))) == there - set(BELOW)
        assert not session.scalars(kinds.where(Organisation.kind.in_(()))).all()
        handed = kinds.where(Organisation.kind == bindparam("kind"))
        assert session.scalars(handed, {"kind": OrganisationKind.BRANCH}).all() == [OrganisationKind.BRANCH]


class Said(tuple[str, ...]):
    """What a statement is made of; how often it was hashed is counted."""

    __slots__ = ()
    hashed: ClassVar[int] = 0

    def __hash__(self) -> int:
        type(self).hashed += 1
        return super().__hash__()


def key(*made_of: str) -> tuple[Any, ...]:
    """As SQLAlchemy asks: a tuple of its own each time."""
    return ("dialect", Said(made_of), ("me",), False)


def test_a_text_is_found_by_the_statement_itself() -> None:
    texts, first = Texts(), key("reviews")
    texts[first] = text = "SELECT reviews"  # type: ignore[assignment]
    Said.hashed = 0
    assert texts.get(("dialect", first[1], ("me",), False)) is text
    assert Said.hashed == 0
    assert texts.get(key("reviews")) is text, "one that is built each time says the same"
    assert texts.get(("dialect", first[1], ("day", "me"), False)) is None, "the same with other parameters is not it"
    assert texts.get(key("duties")) is None


def test_the_oldest_text_is_forgotten() -> None:
    texts, keys = Texts(most=2), [key(table) for table in ("reviews", "duties", "wishes")]
    for number, one in enumerate(keys):
        texts[one] = number  # type: ignore[assignment]
    assert [texts.get(one) for one in keys] == [None, 1, 2]
    assert len(texts) == 2


@dataclass(frozen=True)
class Made:
    """What a statement is made of; one can see whether it is still kept."""

    of: str


def test_of_two_threads_that_bring_the_same_text_one_is_kept() -> None:
    texts, kept = Texts(most=1), []

    def bring(table: str) -> None:
        made = Made(table)
        kept.append(ref(made))
        texts["dialect", made, ("me",), False] = table  # type: ignore[assignment]

    for table in ("reviews", "duties", "wishes"):
        bring(table)
        bring(table)
    assert [one() is not None for one in kept] == [False, False, False, False, True, False]


def test_engines_find_their_texts_so(database: Database) -> None:
    names = select(Organisation.name).where(Organisation.kind == OrganisationKind.COMMITTEE)
    own = Database(database.url.render_as_string(hide_password=False))
    try:
        with own.read() as session:
            texts = session.connection().get_execution_options()["compiled_cache"]
            assert isinstance(texts, Texts)
            first = session.scalars(names).all()
            before = len(texts)
            assert session.scalars(names).all() == first
            assert len(texts) == before > 0
    finally:
        own.close()

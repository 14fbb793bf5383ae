"""A kind of list that people bring in: what one adds to what all of them do."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.core.tables import Book, FoundTable, Header, Row
from app.features.imports.forms import UploadForm
from app.features.imports.models import Upload
from app.features.imports.rows import ImportResult, P, Planned, ReadRow, RowVerdict
from app.features.members.actor import Actor

K = TypeVar("K")
E = TypeVar("E")


class Change(NamedTuple):
    """A field that would read ``after`` instead of ``before``."""

    label: str
    before: str
    after: str


class Hint(NamedTuple):
    """A page that is worth a look before confirming."""

    words: str
    address: str
    title: str


class Pick(NamedTuple):
    """Who of several may be meant by a row: (id, words) of each, and the one chosen on the page."""

    options: Sequence[tuple[UUID, str]]
    chosen: UUID | None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as the preview shows it: every value that would be written, under its label."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    changes: Sequence[Change] = ()
    notes: Sequence[str] = ()
    hints: Sequence[Hint] = ()
    pick: Pick | None = None


@dataclass(frozen=True, slots=True)
class Planning(Generic[P]):
    """What taking a list in would do, row by row, and what is worth knowing of it as a whole."""

    rows: Sequence[P]
    announced: Sequence[str] = ()
    ways: Sequence["Link"] = ()
    """Where something of it can be said otherwise."""


def number_of_new(rows: Sequence[Planned]) -> int:
    """How many rows would bring or change something."""
    return sum(row.verdict in {RowVerdict.NEW, RowVerdict.CHANGED} for row in rows)


class AskedBeside(NamedTuple):
    """A choice beside the file: a box to tick, or one of several ``options`` (value, words)."""

    name: str
    label: str
    options: Sequence[tuple[UUID, str]] = ()


class Placed(NamedTuple):
    """Where an upload belongs, and what was ticked beside the file."""

    place_id: UUID | None
    choices: Mapping[str, Any]


class Link(NamedTuple):
    """Where to go on."""

    words: LazyText
    address: str
    symbol: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the pages of a list say."""

    upload: LazyText
    """The title of the page where a file is chosen."""
    file: LazyText
    most: LazyText
    """What a file may be, below the field."""
    promise: LazyText
    advice: Sequence[LazyText]
    check: LazyText
    """The title of the preview."""
    taken_without: LazyText
    """That the other rows are taken in without those that come back."""
    leave: LazyText
    left: LazyText
    """What is said once an upload is discarded."""
    confirm: Callable[[int], str]
    done: LazyText
    """The title of the result."""
    same: LazyText
    sheet_name: str
    """The name of the sheet in files that go out; they stay Chinese whatever the language on the screen."""
    template: LazyText
    """The name of the empty file, without its ending."""
    to_correct: LazyText
    """The name of the file with the rows that come back."""
    no_header: LazyText
    no_rows: LazyText
    too_many: LazyText
    unnamed: LazyText
    paste: LazyText | None = None
    """The label of the field for rows that are pasted instead; ``None``: a file alone."""
    back: Link | None = None
    more: Sequence[Link] = ()
    """Beside the template."""
    after_new: LazyText | None = None
    """What comes next, where there is something new."""
    next_page: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind(Generic[K, E, P]):
    """One kind of list. Everything here is said once, and the pages, the file's life and its end follow from it."""

    name: str
    address: str
    template_address: str
    words: Words
    names: Mapping[K, Sequence[str]]
    """The columns and the names organs give them; the first one is what files that go out say."""
    required: K
    unmissed: frozenset[str] = frozenset()
    """Headings whose columns nobody misses: numbers of rows, the reasons of rows that come in again."""
    not_in_template: frozenset[K] = frozenset()
    """Columns that are read and that the empty file does not ask for."""
    column_type: Any
    entry_type: Any
    how_to: Sequence[str]
    """Lines below the headings of the empty file."""
    reason_heading: str = "原因"
    section: re.Pattern[str] | None = None
    most_rows: int | None = None
    changes: bool = False
    """Whether a row may change what is there already."""
    skips: bool = False
    """Whether rows may be left aside that are no problem."""
    decided: Callable[[P], str] | None = None
    """What a plan would do with a row, as a text that is the same whenever it is: a long list is then taken in part by
    part (``taking``), and a row of which a part's plan says something else than the whole one waits for the end."""
    together: Callable[[E], str] | None = None
    """What is the same for rows that say together whom they mean: they come into one part of a long list."""
    is_sealed: bool = False
    """Whether what a file says is sealed while it waits."""
    find: Callable[[Book], FoundTable[K] | None] | None = None
    """Finds the table where nobody knows its headings beforehand; the names of columns are not looked for then."""
    settle: Callable[[Session, Upload, Header[K]], Header[K]] = lambda _session, _upload, header: header
    """What the columns of a kept file mean; it may keep its own word in ``choices``."""
    ask_first: Callable[[Upload], str] = lambda _upload: ""
    """The address where something has to be said before the rows can be read; nothing: they can."""
    about: Callable[[Row, Header[K]], bool]
    """Whether a row is one of the list."""
    complete: Callable[[Header[K], Sequence[Row]], Header[K]] = lambda header, _rows: header
    """The headings with what the rows tell of columns whose heading nobody knows."""
    read: Callable[[Row, Header[K], date], ReadRow[E]]
    """What a row says on a day."""
    sentences: Mapping[str, LazyText]
    """The sentences of its problems."""
    asks: Callable[[Session, Actor], Sequence[AskedBeside]] = lambda _session, _actor: ()
    form: type[UploadForm] = UploadForm
    """What is sent beside the file."""
    place: Callable[[Session, Actor, Any], Placed]
    """Where the upload belongs.

    Raises:
        AppError: it cannot be said; its ``field`` says where.
    """
    reaches: Callable[[Session, Actor, Upload], bool]
    """Whether the actor still looks after what the upload is for: asked again whenever it is used."""
    plan: Callable[[Session, Actor, Upload, Sequence[ReadRow[E]]], Planning[P]]
    """What taking the rows in would do now; nothing is written."""
    count_new: Callable[[Sequence[P]], int] = number_of_new
    """How many things confirming would bring or change."""
    shown: Callable[[Session, Actor, Upload, Sequence[P]], Sequence[PreviewRow]]
    """Some of its rows as the preview shows them."""
    choose: Callable[[Sequence[P], str, UUID], Mapping[str, str]] | None = None
    """Which rows (by their place) somebody goes for who was chosen for one of them; ``None``: nobody is chosen.

    Raises:
        NotFoundError: no such row, or that one is none of those it may mean.
    """
    take_in: Callable[[Session, Actor, Upload, Sequence[ReadRow[E]]], ImportResult]
    """Plan anew and write the good rows."""


AnyList = ListKind[Any, Any, Any]

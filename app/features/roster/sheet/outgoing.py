"""The roster's words for what somebody has, and the file that goes out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from app.core.tables import Cell, write_xlsx
from app.features.members.rules import MemberStatus, Sex
from app.features.roster.rules import ReadPerson
from app.features.roster.sheet.columns import HEADINGS, Column, heading
from app.features.roster.sheet.posts import BRANCH_POSTS

_SEX: Final = {Sex.MALE: "男", Sex.FEMALE: "女", None: ""}
_PROBATIONARY: Final = {MemberStatus.PROBATIONARY: "是", MemberStatus.FULL: "否", None: ""}

_WORDS: Final[Mapping[Column, Callable[[ReadPerson], str]]] = {
    Column.MEMBER_NUMBER: lambda entry: entry.member_number,
    Column.NAME: lambda entry: entry.name,
    Column.SEX: lambda entry: _SEX[entry.sex],
    Column.BORN: lambda entry: entry.born or "",
    Column.BRANCH: lambda entry: entry.branch,
    Column.GROUP: lambda entry: entry.group,
    Column.ROLES: lambda entry: "、".join(words for role, words in BRANCH_POSTS.items() if role in (entry.roles or ())),
    Column.POST: lambda entry: entry.post,
    Column.JOINED: lambda entry: entry.joined or "",
    Column.CONFIRMED: lambda entry: entry.confirmed or "",
    Column.STATUS: lambda entry: _PROBATIONARY[entry.status],
    Column.PHONE: lambda entry: entry.phone or "",
    Column.NOTE: lambda entry: entry.note,
}


def words(entry: ReadPerson, column: Column) -> str:
    """What stands in ``column`` for ``entry``; empty where it says nothing."""
    return _WORDS[column](entry)


SHEET_NAME: Final = "党员花名册"
_HEADINGS: Final = tuple(heading(column) for column in HEADINGS)
_SAID: Final = tuple(column for column in HEADINGS if column is not Column.SERIAL)


def roster_file(entries: Iterable[ReadPerson]) -> bytes:
    """Everybody in ``entries``, in their order. Importing the file again changes nothing."""
    rows: Iterable[tuple[Cell, ...]] = (
        (number, *(words(entry, column) for column in _SAID)) for number, entry in enumerate(entries, 1)
    )
    return write_xlsx(SHEET_NAME, _HEADINGS, rows)

"""What the reader of cells does not tell of a workbook: how much is in it, what is hidden, struck out or unsaved."""

import io
import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from app.core.workbooks.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_PARTS,
    MAX_STRINGS,
    Flaws,
    Marks,
    RefusedError,
)
from app.core.workbooks.open_document import marks_of_tables

_CHUNK: Final = 64 * 1024
_CELL: Final = rb'<(?:\w+:)?c\s(?=[^>]*\br="([A-Z]{1,3})(\d{1,7})")'
_WITH_ERROR: Final = re.compile(_CELL + rb'(?=[^>]*\bt="e")')
_UNSAVED: Final = re.compile(
    _CELL + rb'(?![^>]*\bt="str")[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A formula whose result was not saved. One whose result is an empty text says so (t="str")."""
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN: Final = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\bmin="(\d{1,5})")(?=[^>]*\bmax="(\d{1,5})")([^>]*)>')
_HIDDEN: Final = re.compile(rb'\b(?:hidden="(?:1|true)"|(?:ht|width)="0(?:\.0*)?")')
_NUMBER: Final = re.compile(rb'\br="(\d{1,7})"')
_STRING: Final = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL)
_STRUCK: Final = re.compile(rb'<(?:\w+:)?strike\b(?![^>]*val="(?:0|false)")')


class Inside:
    """What the reader of cells does not tell of a ZIP: how much is in it, what is hidden, struck out or unsaved."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        names = [part.filename for part in self._zip.infolist()]
        if len(names) > MAX_PARTS or len(names) != len(set(names)):
            raise RefusedError("broken_file")
        self._count(names)
        self._parts_of_sheets: dict[str, str] = {}
        self.from_1904 = False
        self._struck_styles: list[bytes] = []
        self._struck_strings: list[bytes] = []
        self._open_document: dict[str, Marks] = {}
        if "xl/workbook.xml" in names:
            self._open_workbook(names)
        elif "content.xml" in names:
            with self._zip.open("content.xml") as content_xml:
                self._open_document = marks_of_tables(content_xml)

    def marks(self, name: str) -> Marks | None:
        """What the sheet ``name`` says beside its cells; ``None`` where it cannot be known."""
        if part := self._parts_of_sheets.get(name):
            content = self._zip.read(part)
            return Marks(self._flaws(content), list(_hidden_columns(content)))
        return self._open_document.get(name)

    def _flaws(self, part: bytes) -> Flaws:
        """What stands in the way of rows."""
        found: Flaws = defaultdict(list)
        if b"hidden=" in part or b'ht="0' in part:
            for number, row in enumerate(_ROW.finditer(part), start=1):
                if _HIDDEN.search(row[1]):
                    said = _NUMBER.search(row[1])
                    found[int(said[1]) if said else number].append(["hidden", None])
        for kind, pattern in self._patterns(part):
            for match in pattern.finditer(part):
                flaw = [kind, _column(match[1])]
                if flaw not in found[int(match[2])]:
                    found[int(match[2])].append(flaw)
        return found

    def _patterns(self, part: bytes) -> Iterator[tuple[str, re.Pattern[bytes]]]:
        if b't="e"' in part:
            yield "error", _WITH_ERROR
        if b"<f" in part or b":f" in part:
            yield "formula", _UNSAVED
        if self._struck_styles:
            yield "struck", re.compile(_CELL + rb'(?=[^>]*\bs="(?:' + b"|".join(self._struck_styles) + rb')")')
        if self._struck_strings:
            strings = rb'(?=[^>]*\bt="s")[^>]*>\s*<(?:\w+:)?v>(?:' + b"|".join(self._struck_strings) + rb")<"
            yield "struck", re.compile(_CELL + strings)

    def _count(self, names: list[str]) -> None:
        """Refuse what no list has, before anybody builds it up in memory.

        Raises:
            RefusedError: more cells, texts or depth.
        """
        cells = strings = 0
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            depth, before = 0, b""
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    chunk, before = before + chunk, b""
                    if b"<!DOCTYPE" in chunk:  # no workbook has one; entities that grow have
                        raise RefusedError("broken_file")
                    cut = chunk.rfind(b"<")
                    if cut > 0 and len(chunk) - cut < _CHUNK:  # no tag is cut in two
                        chunk, before = chunk[:cut], chunk[cut:]
                    cells += chunk.count(b"<c ") + chunk.count(b"<c>") + chunk.count(b":c ") + chunk.count(b":c>")
                    cells += chunk.count(b"<table:table-cell")
                    cells += 10 * chunk.count(b"mergeCell ")  # each may reach over many
                    strings += chunk.count(b"<si>") + chunk.count(b"<si ") + chunk.count(b":si>")
                    closed = chunk.count(b"</")
                    depth += chunk.count(b"<") - chunk.count(b"<?") - chunk.count(b"<!") - 2 * closed
                    depth -= chunk.count(b"/>")
                    if cells > MAX_CELLS or strings > MAX_STRINGS or depth > MAX_DEPTH:
                        raise RefusedError("too_much")

    def _open_workbook(self, names: list[str]) -> None:
        book = self._parsed("xl/workbook.xml")
        targets = {
            relation.get("Id"): relation.get("Target", "") for relation in self._parsed("xl/_rels/workbook.xml.rels")
        }
        for element in book.iter():
            match element.tag.rpartition("}")[2]:
                case "workbookPr":
                    self.from_1904 = element.get("date1904") in ("1", "true")
                case "sheet":
                    ids = [value for name, value in element.attrib.items() if name.endswith("}id")]
                    target = targets.get(ids[0] if ids else None, "")
                    part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                    if part in names:
                        self._parts_of_sheets[element.get("name", "")] = part
        if "xl/styles.xml" in names:
            self._struck_styles = list(_struck_styles(self._parsed("xl/styles.xml")))
        if "xl/sharedStrings.xml" in names:
            strings = self._zip.read("xl/sharedStrings.xml")
            if b"strike" in strings:
                found = enumerate(_STRING.finditer(strings))
                self._struck_strings = [b"%d" % index for index, text in found if _STRUCK.search(text[0])]

    def _parsed(self, part: str) -> ET.Element:
        return ET.fromstring(self._zip.read(part))  # noqa: S314 - counted before, and without a DOCTYPE


def _struck_styles(styles: ET.Element) -> Iterator[bytes]:
    """The numbers of cell formats whose font is struck through."""
    fonts: list[bool] = []
    formats: list[int] = []
    for group in styles:
        match group.tag.rpartition("}")[2]:
            case "fonts":
                fonts = [any(_is_struck(mark) for mark in font) for font in group]
            case "cellXfs":
                formats = [int(one.get("fontId", "0")) for one in group]
    for number, font in enumerate(formats):
        if font < len(fonts) and fonts[font]:
            yield b"%d" % number


def _is_struck(mark: ET.Element) -> bool:
    return mark.tag.rpartition("}")[2] == "strike" and mark.get("val", "1") in ("1", "true")


def _hidden_columns(part: bytes) -> Iterator[int]:
    """From 0; formats on all columns to the last one are cut at ``MAX_COLUMNS``."""
    for first, last, said in _COLUMN.findall(part):
        if _HIDDEN.search(said):
            yield from range(int(first) - 1, min(int(last), MAX_COLUMNS))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1

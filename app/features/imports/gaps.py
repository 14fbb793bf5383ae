"""What of a file was read as what, and what was not read, in words."""

from collections.abc import Sequence
from typing import Any

from app.core.i18n import gettext as _
from app.core.tables import Header, Report, heading_key
from app.features.imports.lists import ListKind


def read_as(kind: ListKind[Any, Any, Any], header: Header[Any]) -> list[tuple[str, str]]:
    """Headings that mean a column under another name: the heading, and that name."""
    named = ((header.headings[index], kind.names[column][0]) for column, index in header.columns.items())
    return [(heading, name) for heading, name in named if heading_key(heading) != heading_key(name)]


def left_out(kind: ListKind[Any, Any, Any], header: Header[Any], report: Report) -> list[tuple[str, Sequence[str]]]:
    """Whatever stands in the file and was not read, or was read although nobody sees it: a sentence, and what."""
    lines = [*report.lines]
    if report.more_lines:
        lines.append(_("and %(number)s more") % {"number": report.more_lines})
    said: tuple[tuple[str, Sequence[str]], ...] = (
        (_("Hidden sheets, not read"), report.hidden_sheets),
        (_("Sheets without the headings, not read"), report.other_sheets),
        (_("Sheets with nothing below the headings"), report.empty_sheets),
        (_("Columns not read"), [text for text in header.unread if heading_key(text) not in kind.unmissed]),
        (_("Columns without a heading, not read"), report.unheaded),
        (_("Columns not read"), [_("all beyond the hundredth")] if report.is_cut else ()),
        (_("Hidden columns, read all the same"), report.hidden_columns),
        (_("Lines left aside"), lines),
    )
    return [(sentence, names) for sentence, names in said if names]

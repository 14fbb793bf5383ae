"""The audit log as a file."""

from collections.abc import Iterator

from app.core import clock
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.audit.queries import Rows
from app.features.audit.rules import in_words, who_in_words
from app.features.reviews.kinds import labels


def log_file(entries: Rows) -> bytes:
    """XLSX: a row for each entry, with its id for machines."""
    headings = [_("When"), _("By"), _("What was done"), _("About"), _("Branch"), _("Before and after"), _("Id")]
    return write_tables([Table(_("Audit log"), headings, _rows(entries))])


def _rows(entries: Rows) -> Iterator[list[Cell]]:
    kinds = labels()
    for entry in entries:
        changes = (f"{said.field}: {said.before or ''} → {said.after or ''}" for said in in_words(entry.changes, kinds))
        yield [
            clock.local_time(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            str(who_in_words(entry.actor, entry.action)),
            str(entry.action.label),
            entry.subject or "",
            entry.place or "",
            "\n".join(changes),
            str(entry.id),
        ]

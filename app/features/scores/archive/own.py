"""Signatures and archived sheets, for the person to read and to take along."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.scores.archive.models import ArchivedSheet, Archiving, Reopening, Signature

SECTIONS: Final = (
    section(
        "signatures",
        _("Signatures under sheets"),
        {
            Signature.year: _("Year"),
            Signature.version: _("Version"),
            Signature.opened_on: _("Asked on"),
            Signature.due_on: _("To sign by"),
            Signature.said: _("Said"),
            Signature.words: _("Reservation"),
            Signature.why: _("Why not signed"),
            Signature.said_at: _("Said at"),
        },
        mine=Signature.member_id,
        by=(Signature.year, Signature.version),
    ),
    section(
        "archived_sheets",
        _("Archived sheets"),
        {
            ArchivedSheet.year: _("Year"),
            ArchivedSheet.version: _("Version"),
            ArchivedSheet.content: _("Content"),
            ArchivedSheet.sha256: _("Check code"),
            ArchivedSheet.archived_at: _("Archived"),
        },
        mine=ArchivedSheet.member_id,
        by=(ArchivedSheet.year, ArchivedSheet.version),
    ),
    section(
        "archivings",
        _("Proposals to archive"),
        {Archiving.year: _("Year"), Archiving.stands: _("State"), Archiving.entered_at: _("Entered")},
        mine=Archiving.member_id,
        by=(Archiving.year, Archiving.entered_at),
    ),
    section(
        "reopenings",
        _("Archived sheets opened again"),
        {
            Reopening.year: _("Year"),
            Reopening.version: _("Version"),
            Reopening.reason: _("Reason"),
            Reopening.document: _("Document no."),
            Reopening.reopened_at: _("Opened again"),
        },
        mine=Reopening.member_id,
        by=(Reopening.year, Reopening.version),
    ),
)
_SHEETS: Final = Purpose(
    _("Your signed and archived sheets"),
    _("you and the officers of your branch"),
    _("so that a year that is over stays as it was, and can be proved"),
)
PURPOSES: Final = {one.name: _SHEETS for one in SECTIONS}

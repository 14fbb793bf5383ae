"""What officers enter by decision of the unit or the committee, as the house knows it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.entries.appraisals.models import Appraisal
from app.features.entries.appraisals.review_kind import APPRAISAL
from app.features.entries.decided.models import DecidedEntry
from app.features.entries.decided.service import DECIDED
from app.features.stream import Stream

ENTRIES: Final = Stream(
    name="entries",
    routes=(
        "app.features.entries.appraisals.imports.routes",
        "app.features.entries.appraisals.routes",
        "app.features.entries.decided.routes",
    ),
    review_kinds=(APPRAISAL, DECIDED),
    own_data=(
        section(
            "appraisals",
            _("Quarterly appraisals"),
            {
                Appraisal.id: _("Id"),
                Appraisal.year: _("Year"),
                Appraisal.quarter: _("Quarter"),
                Appraisal.grade: _("Grade"),
                Appraisal.note: _("Remark"),
            },
            mine=Appraisal.member_id,
            by=(Appraisal.year, Appraisal.quarter, Appraisal.version),
        ),
        section(
            "decided",
            _("By decision of the committee"),
            {
                DecidedEntry.id: _("Id"),
                DecidedEntry.what: _("What"),
                DecidedEntry.title: _("Matter"),
                DecidedEntry.day: _("Day"),
                DecidedEntry.points: _("Points, as the committee decided"),
                DecidedEntry.level: _("Level"),
                DecidedEntry.decided_on: _("The committee's meeting"),
                DecidedEntry.document: _("Number of the document"),
            },
            mine=DecidedEntry.member_id,
            by=(DecidedEntry.day, DecidedEntry.id),
        ),
    ),
)

"""What lists say about somebody, as the person reads it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.study.lists.models import HoursEntry, HoursImport, ImportPerson, ImportProfile

ENTRIES: Final = section(
    "hours_entries",
    _("Education hours from lists"),
    {
        HoursEntry.id: _("Id"),
        HoursImport.source: _("From which system"),
        HoursEntry.on: _("Day"),
        HoursEntry.title: _("What"),
        HoursEntry.minutes: _("Minutes"),
        HoursEntry.total: _("Minutes of the year by then"),
        HoursEntry.is_history: _("After the year was archived"),
        HoursEntry.confirmed_at: _("Confirmed"),
        HoursEntry.taken_back_at: _("Taken back"),
    },
    mine=HoursEntry.member_id,
    joined=lambda rows: rows.join_from(HoursEntry, HoursImport, HoursImport.id == HoursEntry.import_id),
    by=(HoursEntry.on, HoursEntry.id),
)
NUMBERS: Final = section(
    "import_people",
    _("Your numbers in other systems"),
    {ImportProfile.source: _("From which system"), ImportPerson.number: _("Number")},
    mine=ImportPerson.member_id,
    joined=lambda rows: rows.join_from(ImportPerson, ImportProfile, ImportProfile.id == ImportPerson.profile_id),
    by=(ImportProfile.source, ImportPerson.number),
)
PURPOSES: Final = {
    "hours_entries": Purpose(
        _("Education hours from lists of other systems"),
        _("you, and the officers who bring in the list and confirm it"),
        _("so that what you studied elsewhere is kept as education hours; never as points"),
    ),
    "import_people": Purpose(
        _("Your numbers in other systems"),
        _("the officers who bring in such lists"),
        _("so that it is not asked again whom a number means"),
    ),
}

"""A year's days off and make-up days as one of the lists that people bring in."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from app.core import formats, workdays
from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.workdays import DayKind
from app.features.holidays import service
from app.features.holidays.reading import ALSO, HEADINGS, Column, day_row, is_about_a_day
from app.features.holidays.rules import FEW_DAYS_OFF, SENTENCES, DayRow, PlannedRow, ReadHoliday, days_of, plan, year_of
from app.features.imports.forms import UploadForm
from app.features.imports.lists import AskedBeside, Change, Link, ListKind, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.rows import ImportResult, RowVerdict, outcome
from app.features.members.actor import Actor

PAGE: Final = "/system/holidays"
ADDS: Final = "adds"


class HolidaysForm(UploadForm):
    """The choice beside the file."""

    adds: bool = False


def planning(session: Session, rows: Sequence[DayRow], *, adds: bool) -> Planning[PlannedRow]:
    """What loading the rows would do now, and what is worth knowing of the list as a whole."""
    year = year_of(rows)
    loaded = service.loaded_days(session, year)
    planned = plan(rows, loaded)
    days = days_of(planned)
    said = []
    if year is not None:
        if loaded and not adds and (gone := sorted(loaded.keys() - days.keys())):
            said.append(
                ngettext(
                    "%(num)s day of the list loaded before is not in this one and would go: %(days)s",
                    "%(num)s days of the list loaded before are not in this one and would go: %(days)s",
                    len(gone),
                )
                % {"num": len(gone), "days": gettext(", ").join(formats.short_day(day, year) for day in gone)}
            )
        if not loaded and workdays.is_published(year):
            sentence = gettext("The product knows the list of %(year)s. This one would take its place.")
            said.append(sentence % {"year": year})
        off = sum(kind is DayKind.OFF for kind in (loaded | days if adds else days).values())
        if off < FEW_DAYS_OFF:
            sentence = gettext("The list of a year has about thirty days off, and this one has %(num)s. Is it whole?")
            said.append(sentence % {"num": off})
    return Planning(planned, said)


def take_in(session: Session, actor: Actor | None, rows: Sequence[DayRow], *, adds: bool) -> ImportResult:
    """Put the good rows in force; ``actor`` is ``None`` on the server."""
    planned = planning(session, rows, adds=adds).rows
    if (year := year_of(rows)) is not None:
        by = None if actor is None else actor.member_id
        service.put_in_force(session, by, year=year, days=days_of(planned), adds=adds)
    return outcome(planned)


def _shown(_session: Session, _actor: Actor, _upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    return [_one(row) for row in rows]


def _one(planned: PlannedRow) -> PreviewRow:
    day, kind = planned.row.entry.day, planned.row.entry.kind
    label = "" if kind is None else str(kind.label)
    changes = (
        [Change(gettext("Kind"), str(planned.before.label), label)]
        if planned.verdict is RowVerdict.CHANGED and planned.before
        else []
    )
    return PreviewRow(
        title=formats.day(day) if day else planned.row.entry.typed or gettext("No day"),
        facts=[("", label)] if label and not changes else [],
        changes=changes,
        notes=[str(SENTENCES[note.code]) for note in planned.row.notes],
    )


def _count(rows: Sequence[PlannedRow]) -> int:
    return len(days_of(rows))


def _confirm_words(number: int) -> str:
    return ngettext("Load %(num)s day", "Load %(num)s days", number) % {"num": number}


HOLIDAYS: Final[ListKind[Column, ReadHoliday, PlannedRow]] = ListKind(
    name="holidays",
    address=f"{PAGE}/load",
    template_address=f"{PAGE}/template.xlsx",
    names=HEADINGS,
    required=Column.DAY,
    unmissed=ALSO,
    column_type=Column,
    entry_type=ReadHoliday,
    most_rows=500,
    changes=True,
    form=HolidaysForm,
    about=is_about_a_day,
    read=day_row,
    sentences=SENTENCES,
    asks=lambda _session, _actor: (AskedBeside(ADDS, gettext("Add these days to the list that is loaded")),),
    place=lambda _session, _actor, form: Placed(None, {ADDS: form.adds}),
    reaches=lambda _session, _actor, _upload: True,
    plan=lambda session, _actor, upload, rows: planning(session, rows, adds=bool(upload.choices[ADDS])),
    count_new=_count,
    shown=_shown,
    take_in=lambda session, actor, upload, rows: take_in(session, actor, rows, adds=bool(upload.choices[ADDS])),
    how_to=(
        "说明：",
        "说明1：照国务院办公厅当年的节假日安排通知填写，一天一行，只填同一年的日子。",
        "说明2：日期写成 2027-02-05；安排填“放假”或“上班”（调休补班的周六、周日填“上班”）。",
        "说明3：平常的周六、周日不用填。这几行说明可以留着，导入时自动跳过。",
    ),
    words=Words(
        upload=_("Load a list of days off"),
        file=_("Excel or CSV"),
        most=_("At most 10 MB. Titles above the headings, footers and blank lines are fine."),
        paste=_("Or paste the rows here, headings first"),
        promise=_("Nothing is written before you have seen what would be."),
        advice=(
            _("Each row needs a day with its year, and 放假 or 上班. One list is for one year."),
            _("Weekends need no row. 1 January, 1 and 2 May and 1 to 3 October are off in every year by law."),
            _("A list takes the place of the year's list that was there. Deadlines that are set already do not move."),
            _("Where only rows that came back are brought in again, tick that they are added."),
        ),
        check=_("Check the list"),
        taken_without=_(
            "All others are taken in without them. Take the file, correct it there, and bring it in again, added to "
            "the list."
        ),
        leave=_("Do not load"),
        left=_("The file is forgotten. Nothing was taken in."),
        confirm=_confirm_words,
        done=_("The list is in force"),
        same=_("There already"),
        sheet_name="节假日安排",
        template=_("Template for days off"),
        to_correct=_("Days to correct"),
        no_header=_("No headings were found. A row with 日期 and 安排 is needed above the days; the template has it."),
        no_rows=_("There is nothing below the headings of this file. Fill in the rows and try again."),
        too_many=_("This file has more than %(rows)s rows. The list of one year is far shorter."),
        unnamed=_("Days off"),
        back=Link(_("Days off"), PAGE),
        next_page=Link(_("See what is in force"), PAGE),
    ),
)

"""The roster as one of the lists that people bring in."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from sqlalchemy.orm import Session

from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.features.imports.forms import UploadForm
from app.features.imports.lists import AskedBeside, Change, Link, ListKind, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.rows import ImportResult, RowVerdict, outcome
from app.features.members.actor import Actor
from app.features.roster import service
from app.features.roster.importer import importer
from app.features.roster.rules import SENTENCES, PlannedRow, ProblemCode, ReadPerson, RosterRow, note_sentence
from app.features.roster.sheet.columns import HEADINGS, REASON, Column, heading
from app.features.roster.sheet.outgoing import SHEET_NAME, words
from app.features.roster.sheet.rows import SECTION, is_about_a_person, roster_row, with_branches

_UNLABELLED: Final = frozenset({Column.BRANCH, Column.GROUP, Column.PHONE})
"""Columns whose cells say themselves what they are."""
_SHOWN: Final = (
    Column.BRANCH,
    Column.GROUP,
    Column.PHONE,
    *(column for column in Column if column not in {Column.SERIAL, Column.NAME, *_UNLABELLED}),
)
_BRANCHES_NAMED: Final = 5


class RosterForm(UploadForm):
    """The choices beside the file."""

    create_branches: bool = False


def _asks(_session: Session, actor: Actor) -> Sequence[AskedBeside]:
    if not importer(actor).reaches_all:
        return ()
    return (AskedBeside("create_branches", gettext("Create the branches that are missing")),)


def _place(_session: Session, actor: Actor, form: RosterForm) -> Placed:
    reach = importer(actor)
    return Placed(reach.branch_id, {"create_branches": form.create_branches and reach.reaches_all})


def _reaches(_session: Session, actor: Actor, upload: Upload) -> bool:
    return upload.place_id in {None, importer(actor).branch_id}  # whatever was uploaded, the plan reaches no further


def _plan(session: Session, actor: Actor, upload: Upload, rows: Sequence[RosterRow]) -> Planning[PlannedRow]:
    plan = service.plan(session, importer(actor), rows, create_branches=_creates(upload))
    here, elsewhere = _parted(plan.rows, actor)
    return Planning(here, (*_announced(plan.new_branches), *_left_aside(elsewhere)))


def _parted(rows: Sequence[PlannedRow], actor: Actor) -> tuple[Sequence[PlannedRow], Sequence[PlannedRow]]:
    """The rows for the actor, and those of other branches, which the list of the whole organ has as well.

    Where no row is of the actor's branch its name is more likely written wrongly: then each row says so.
    """
    elsewhere = [row for row in rows if _is_of_another_branch(row)]
    if importer(actor).reaches_all or len(elsewhere) == len(rows):
        return rows, ()
    return [row for row in rows if not _is_of_another_branch(row)], elsewhere


def _left_aside(rows: Sequence[PlannedRow]) -> Sequence[str]:
    if not rows:
        return ()
    sentence = ngettext(
        "%(num)s row is of another branch and was left aside: %(names)s",
        "%(num)s rows are of other branches and were left aside: %(names)s",
        len(rows),
    )
    return (sentence % {"num": len(rows), "names": _some(sorted({row.entry.branch for row in rows}))},)


def _is_of_another_branch(row: PlannedRow) -> bool:
    return any(problem.code == ProblemCode.UNKNOWN_BRANCH for problem in row.problems)


def _take_in(session: Session, actor: Actor, upload: Upload, rows: Sequence[RosterRow]) -> ImportResult:
    plan = service.import_rows(session, importer(actor), rows, create_branches=_creates(upload))
    return outcome(_parted(plan.rows, actor)[0])


def _creates(upload: Upload) -> bool:
    return bool(upload.choices.get("create_branches"))


def _announced(new_branches: Sequence[str]) -> Sequence[str]:
    if not new_branches:
        return ()
    sentence = ngettext(
        "%(num)s branch will be created: %(names)s", "%(num)s branches will be created: %(names)s", len(new_branches)
    )
    return (sentence % {"num": len(new_branches), "names": _some(new_branches)},)


def _some(names: Sequence[str]) -> str:
    return gettext(", ").join(names[:_BRANCHES_NAMED]) + ("…" if len(names) > _BRANCHES_NAMED else "")


def _shown(_session: Session, _actor: Actor, _upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    return [
        PreviewRow(
            title=row.entry.name or gettext("No name"),
            facts=[fact for column in _SHOWN if (fact := _fact(row, column))],
            changes=[Change(heading(change.column), change.before, change.after) for change in row.changes],
            notes=[note_sentence(note) for note in row.notes],
        )
        for row in rows
    ]


def _fact(row: PlannedRow, column: Column) -> tuple[str, str] | None:
    """A value of the row; where the member is known, only what tells who is meant."""
    said = words(row.entry, column)
    if not said or (row.verdict in {RowVerdict.CHANGED, RowVerdict.SAME} and column not in _UNLABELLED):
        return None
    return ("" if column in _UNLABELLED else heading(column)), said


def _decided(row: PlannedRow) -> str:
    roles = sorted(row.entry.roles or ())  # a set has another order in each process
    return f"{row.verdict} {row.member_id} {row.exempts} {roles} {replace(row.entry, roles=None)}"


def _confirm_words(number: int) -> str:
    return ngettext("Import %(num)s member", "Import %(num)s members", number) % {"num": number}


ROSTER: Final[ListKind[Column, ReadPerson, PlannedRow]] = ListKind(
    name="roster",
    address="/roster",
    template_address="/roster/template.xlsx",
    names=HEADINGS,
    required=Column.NAME,
    unmissed=frozenset({REASON}),
    column_type=Column,
    entry_type=ReadPerson,
    changes=True,
    decided=_decided,
    together=attrgetter("name"),
    section=SECTION,
    form=RosterForm,
    about=is_about_a_person,
    complete=with_branches,
    read=roster_row,
    sentences=SENTENCES,
    asks=_asks,
    place=_place,
    reaches=_reaches,
    plan=_plan,
    shown=_shown,
    take_in=_take_in,
    how_to=(
        "说明：",
        "说明1：姓名、所在党支部、手机号码必填；没有手机的同志请填党员编号。",
        "说明2：日期写成 2014-07-05，不知道哪一天的写成 2014-07。",
        "说明3：党内职务填支部书记、副书记、组织委员、宣传委员、纪检委员或党小组组长；免去职务的填“党员”。",
        "说明4：是否预备党员填“是”或“否”。备注写明长期病休、退休、借调等的，导入后免计分。",
        "说明5：空着的格子不会改动系统里已有的内容。这几行说明可以留着，导入时自动跳过。",
    ),
    words=Words(
        upload=_("Bring in a roster"),
        file=_("The Excel or CSV file you keep"),
        most=_("At most 10 MB. Titles above the headings, footers and blank lines are fine."),
        promise=_("Nothing is imported before you have seen what would change."),
        advice=(
            _(
                "Each row needs a name, a branch and a mobile number; somebody without a phone gets a member number "
                "instead."
            ),
            _("Headings may have their usual other names, and dates may be written as you are used to."),
            _("A blank cell changes nothing, and nobody is removed because a file leaves them out."),
            _(
                "Remarks such as long illness, retired or seconded make a member exempt. Numbers of identity cards are "
                "not read."
            ),
        ),
        check=_("Check the roster"),
        taken_without=_(
            "All others are imported without them. Take the file, correct it there, and bring it in again."
        ),
        leave=_("Do not import"),
        left=_("The file is forgotten. Nothing was imported."),
        confirm=_confirm_words,
        done=_("The roster is in"),
        same=_("Unchanged"),
        sheet_name=SHEET_NAME,
        template=_("Roster template"),
        to_correct=_("Roster rows to correct"),
        no_header=_(
            "No headings were found in this file. It needs one row with headings such as 姓名, 所在党支部 and 手机号码 "
            "above the names; the template has them all."
        ),
        no_rows=_("There is nobody below the headings of this file. Fill in the rows and try again."),
        too_many=_("This file has more than %(rows)s rows. Split it into several files."),
        unnamed=_("Roster"),
        more=(Link(_("The present roster"), "/roster/export.xlsx", "download"),),
        after_new=_("New members sign in with a slip: print one for each of them."),
        next_page=Link(_("Print slips"), "/slips", "print"),
    ),
)

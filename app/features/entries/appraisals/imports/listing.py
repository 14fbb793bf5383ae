"""Grades of quarters as one of the lists that people bring in. What is confirmed here waits for another officer."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.features.entries.appraisals import queries, service
from app.features.entries.appraisals.imports.reading import (
    HEADINGS,
    SENTENCES,
    Column,
    PlannedRow,
    ReadGrade,
    chosen_for,
    grade_row,
    is_about_a_grade,
    planned,
)
from app.features.entries.appraisals.queries import Versions
from app.features.entries.appraisals.rules import Quarter
from app.features.entries.appraisals.service import Given
from app.features.imports.columns import chosen
from app.features.imports.forms import UploadForm
from app.features.imports.lists import Change, Link, ListKind, Pick, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.people import candidates
from app.features.imports.rows import ImportResult, ReadRow, RowVerdict, outcome
from app.features.imports.values import plain
from app.features.ledger import closings
from app.features.ledger.rules import AppraisalGrade
from app.features.members.actor import Actor

_REASON: Final = "退回原因"
_TAKEN: Final = (RowVerdict.NEW, RowVerdict.CHANGED)


def _place(_session: Session, actor: Actor, _form: UploadForm) -> Placed:
    return Placed(None if actor.leads else actor.branch_id, {})


def _reaches(_session: Session, actor: Actor, upload: Upload) -> bool:
    return upload.place_id == (None if actor.leads else actor.branch_id)


def _plan(session: Session, actor: Actor, upload: Upload, rows: Sequence[ReadRow[ReadGrade]]) -> Planning[PlannedRow]:
    people = candidates(queries.within_reach(session, actor), actor.branch_id)
    years = {row.entry.quarter.year for row in rows if row.entry.quarter}
    named = {plain(row.entry.name) for row in rows} | {row.entry.number for row in rows}
    meant = [one.id for one in people if not named.isdisjoint((plain(one.name), one.phone, one.member_number))]
    known, closed = queries.versions(session, meant, years) if years else {}, closings.closed(session, meant, years)

    def check(member_id: UUID, quarter: Quarter, grade: AppraisalGrade, note: str) -> RowVerdict:
        before = known.get((member_id, quarter), Versions())
        if not service.check(actor, Given(member_id, quarter, grade, note), before, closed):
            return RowVerdict.SAME
        return RowVerdict.CHANGED if before.stands() else RowVerdict.NEW

    return Planning(planned(rows, people, check, chosen(upload)))


def _take_in(session: Session, actor: Actor, upload: Upload, rows: Sequence[ReadRow[ReadGrade]]) -> ImportResult:
    plan = _plan(session, actor, upload, rows).rows
    given = [
        Given(one.who.id, one.row.entry.quarter, one.row.entry.grade, one.row.entry.note or None)
        for one in plan
        if one.verdict in _TAKEN and one.who and one.row.entry.quarter and one.row.entry.grade
    ]
    service.enter(session, actor, given)
    return outcome(plan)


def _shown(session: Session, _actor: Actor, _upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    changed = [one for one in rows if one.verdict is RowVerdict.CHANGED and one.who and one.row.entry.quarter]
    known = queries.versions(
        session,
        {one.who.id for one in changed if one.who},
        {one.row.entry.quarter.year for one in changed if one.row.entry.quarter},
    )
    return [
        PreviewRow(
            title=one.who.name if one.who else one.row.entry.name or gettext("nobody named"),
            facts=list(_facts(one)),
            changes=list(_changes(one, known)),
            pick=_pick(one),
        )
        for one in rows
    ]


def _pick(one: PlannedRow) -> Pick | None:
    if not one.namesakes:
        return None
    return Pick([(person.id, person.words) for person in one.namesakes], one.who and one.who.id)


def _facts(one: PlannedRow) -> Iterator[tuple[str, str]]:
    if one.row.entry.quarter:
        yield "", one.row.entry.quarter.words
    if one.row.entry.grade and one.verdict is not RowVerdict.CHANGED:
        yield "", str(one.row.entry.grade.label)
    if one.row.entry.note:
        yield "", one.row.entry.note


def _changes(one: PlannedRow, known: queries.Known) -> Iterator[Change]:
    entry = one.row.entry
    if one.verdict is RowVerdict.CHANGED and one.who and entry.quarter and entry.grade:
        stands = known[one.who.id, entry.quarter].stands()
        yield Change(gettext("Grade"), str(stands[0].grade.label) if stands else "", str(entry.grade.label))


def _confirm_words(number: int) -> str:
    said = ngettext("Hand in %(num)s grade for confirmation", "Hand in %(num)s grades for confirmation", number)
    return said % {"num": number}


APPRAISALS: Final[ListKind[Column, ReadGrade, PlannedRow]] = ListKind(
    name="appraisals",
    address="/appraisals/import",
    template_address="/appraisals/template.xlsx",
    names=HEADINGS,
    required=Column.NAME,
    unmissed=frozenset({_REASON, "序号", "序", "no"}),
    column_type=Column,
    entry_type=ReadGrade,
    reason_heading=_REASON,
    most_rows=2000,
    changes=True,
    about=is_about_a_grade,
    read=grade_row,
    sentences=SENTENCES,
    place=_place,
    reaches=_reaches,
    plan=_plan,
    shown=_shown,
    choose=chosen_for,
    take_in=_take_in,
    how_to=(
        "说明：",
        "说明1：每行一人一个季度，姓名、季度、等次必填。有同名的党员，可以填手机或工号，也可以导入时在页面上选一次。",
        "说明2：季度写 1 至 4、一季度或 Q1；不写年份的，指最近一个已结束的该季度，也可以写 2026年一季度。",
        "说明3：等次填好、较好、一般、较差或不确定等次。优秀、称职是年度考核的等次，不填。",
        "说明4：已确认的等次要更改的，在备注写明原因。",
        "说明5：导入后由另一名干部确认。同一份表再导入一次，什么也不变。这几行说明可以留着，导入时自动跳过。",
    ),
    words=Words(
        upload=_("Bring in quarterly appraisals"),
        file=_("The Excel or CSV file"),
        most=_("At most 2,000 rows. Titles above the headings and blank lines are fine."),
        promise=_(
            "Nothing is written before you have seen what would be; nothing counts before another officer confirms it."
        ),
        advice=(
            _("Each row needs a name, a quarter and a grade; headings may have their usual other names."),
            _(
                "Where two have one name, the mobile or staff number says who is meant; or you choose once on the "
                "next page."
            ),
            _("The grade is that of the unit: 好, 较好, 一般, 较差 or 不确定等次. 优秀 and 称职 are yearly grades."),
            _("A grade that is confirmed already changes with a reason under 备注."),
            _("The same list brought in twice enters nothing twice."),
        ),
        check=_("Check the grades"),
        taken_without=_(
            "All others are handed in without them. Take the file, correct it there, and bring it in again."
        ),
        leave=_("Do not hand them in"),
        left=_("The file is forgotten. Nothing was entered."),
        confirm=_confirm_words,
        done=_("The grades are handed in"),
        same=_("There already"),
        sheet_name="平时考核",
        template=_("Quarterly appraisals"),
        to_correct=_("Grades to correct"),
        no_header=_(
            "No headings were found in this file. It needs one row with headings such as 姓名, 季度 and 等次 above the "
            "grades; the template has them all."
        ),
        no_rows=_("There is no grade below the headings of this file. Fill in the rows and try again."),
        too_many=_("This file has more than %(rows)s rows. Split it into several files."),
        unnamed=_("Quarterly appraisals"),
        back=Link(_("Quarterly appraisals"), "/appraisals"),
        after_new=_("They wait for another officer of the branch, and count once confirmed."),
        next_page=Link(_("To the grades"), "/appraisals"),
    ),
)

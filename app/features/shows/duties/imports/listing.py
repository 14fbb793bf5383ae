"""The duty list as one of the lists that people bring in, and its sentences."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import uuid5

from sqlalchemy.orm import Session

from app.core import clock
from app.core.formats import short_day
from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.features.imports.forms import UploadForm
from app.features.imports.lists import Link, ListKind, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.rows import ImportResult, RowVerdict, outcome
from app.features.ledger.periods import open_from
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.shows.duties import assigning, queries, whom
from app.features.shows.duties.assigning import NewDuty
from app.features.shows.duties.imports.outgoing import ALSO, HOW_TO, SHEET_NAME
from app.features.shows.duties.imports.planning import Candidate, ListedDuty, PlannedRow, plan
from app.features.shows.duties.imports.reading import (
    HEADINGS,
    MOST_ROWS,
    REASON,
    Column,
    ListRow,
    ProblemCode,
    ReadDuty,
    is_about_a_duty,
    list_row,
)
from app.features.shows.duties.rules import DutySource, Repeat

SENTENCES: Final = dict(ProblemCode.choices())


def _place(_session: Session, actor: Actor, _form: UploadForm) -> Placed:
    return Placed(actor.branch_id, {})


def _reaches(_session: Session, actor: Actor, upload: Upload) -> bool:
    return upload.place_id == actor.branch_id


def _plan(session: Session, actor: Actor, _upload: Upload, rows: Sequence[ListRow]) -> Planning[PlannedRow]:
    rows_of_people = members.branch_members(session, actor.branch_id)
    people = [Candidate(person.id, person.name, person.phone, person.member_number) for person in rows_of_people]
    exempt, posts = members.exempt_on(session, actor.branch_id), members.posts_in(session, actor.branch_id)
    found = whom.wholes_of([person for person in rows_of_people if person.id not in exempt], posts)
    known = [
        ListedDuty(row.holder_id, row.matter, row.due_on)
        for row in queries.same_matters(session, actor.branch_id, since=open_from(clock.today()))
    ]
    planned = plan(rows, people, known, lambda name: whom.named(name, found, posts))
    return Planning(planned, announced=list(_several(planned)))


def _several(planned: Sequence[PlannedRow]) -> Iterator[str]:
    """Why there are more duties to come than rows that are new."""
    rows, duties = sum(row.verdict is RowVerdict.NEW for row in planned), _count_new(planned)
    if rows < duties:
        said = ngettext(
            "%(num)s new row makes %(duties)s duties, one for each who is named.",
            "%(num)s new rows make %(duties)s duties, one for each who is named.",
            rows,
        )
        yield said % {"num": rows, "duties": duties}


def _take_in(session: Session, actor: Actor, upload: Upload, rows: Sequence[ListRow]) -> ImportResult:
    planned = _plan(session, actor, upload, rows).rows
    duties = [
        duty
        for position, row in enumerate(planned)
        if row.verdict is RowVerdict.NEW
        for duty in _duties(actor, upload, position, row)
    ]
    return outcome(planned, new=assigning.make_duties(session, duties))


def _duties(actor: Actor, upload: Upload, position: int, planned: PlannedRow) -> Iterator[NewDuty]:
    entry = planned.row.entry
    for holder in planned.holders:
        if entry.due_on is not None:
            yield NewDuty(
                id=uuid5(upload.id, f"{position} {holder.id}"),
                branch_id=actor.branch_id,
                member_id=holder.id,
                kind=entry.kind,
                matter=entry.matter,
                basis=entry.basis or None,
                due_on=entry.due_on,
                source=DutySource.IMPORTED,
                repeat=entry.repeat,
                helper_ids=tuple(helper.id for helper in planned.helpers),
                made_by_id=actor.member_id,
            )


def _shown(_session: Session, _actor: Actor, _upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    return [PreviewRow(title=row.row.entry.matter or gettext("No matter"), facts=list(_facts(row))) for row in rows]


def _facts(planned: PlannedRow) -> Iterator[tuple[str, str]]:
    entry = planned.row.entry
    names = gettext(", ").join(one.name for one in planned.holders)
    if len(planned.holders) > len(entry.holders) > 0:  # 全体党员 and its like: whom it means
        whole = {"whom": gettext(", ").join(entry.holders), "number": len(planned.holders), "names": names}
        names = gettext("%(whom)s (%(number)s): %(names)s") % whole
    yield "", names or gettext(", ").join(entry.holders) or gettext("nobody named")
    if planned.problems:
        return
    yield "", str(entry.kind.label)
    if entry.due_on:
        yield "", gettext("by %(day)s") % {"day": short_day(entry.due_on)}
    if entry.repeat is not Repeat.NONE:
        yield "", str(entry.repeat.label)
    if planned.helpers:
        yield "", gettext("with %(names)s") % {"names": gettext(", ").join(one.name for one in planned.helpers)}
    if entry.basis:
        yield HEADINGS[Column.BASIS][0], entry.basis


def _count_new(rows: Sequence[PlannedRow]) -> int:
    return sum(len(row.holders) for row in rows if row.verdict is RowVerdict.NEW)


def _confirm_words(number: int) -> str:
    return ngettext("Put %(num)s duty on the list", "Put %(num)s duties on the list", number) % {"num": number}


DUTY_LIST: Final[ListKind[Column, ReadDuty, PlannedRow]] = ListKind(
    name="duties",
    address="/shows/duties/import",
    template_address="/shows/duties/template.xlsx",
    names=HEADINGS,
    required=Column.MATTER,
    unmissed=frozenset({REASON, *ALSO}),
    column_type=Column,
    entry_type=ReadDuty,
    most_rows=MOST_ROWS,
    about=is_about_a_duty,
    read=list_row,
    sentences=SENTENCES,
    place=_place,
    reaches=_reaches,
    plan=_plan,
    count_new=_count_new,
    shown=_shown,
    take_in=_take_in,
    how_to=HOW_TO,
    words=Words(
        upload=_("Bring in a duty list"),
        file=_("Excel or CSV"),
        most=_("At most 10 MB. Titles above the headings, footers and blank lines are fine."),
        promise=_("Nothing is written before you have seen what would be."),
        advice=(
            _(
                "Each row needs who is responsible, what is to be done, and a due day. Several names in one cell mean "
                "a duty for each."
            ),
            _("全体党员, 第一党小组, 各党小组组长, 支委会 and posts such as 组织委员 are understood as well."),
            _("Headings may have their usual other names; days may be written as 6月底, 二季度 or 年底."),
            _(
                "People are found by name; where two have the same name, a mobile number or member number says who is "
                "meant."
            ),
            _("What is on the list already is not doubled, and nothing is removed because a file leaves it out."),
        ),
        check=_("Check the duty list"),
        taken_without=_(
            "All others are taken in without them. Take the file, correct it there, and bring it in again."
        ),
        leave=_("Do not import"),
        left=_("The file is forgotten. Nothing was taken in."),
        confirm=_confirm_words,
        done=_("The list is in"),
        same=_("On the list already"),
        sheet_name=SHEET_NAME,
        template=_("Duty list template"),
        to_correct=_("Duties to correct"),
        no_header=_(
            "No headings were found in this file. It needs one row with headings such as 工作事项, 责任人 and 完成时限 "
            "above the duties; the template has them all."
        ),
        no_rows=_("There is nothing below the headings of this file. Fill in the rows and try again."),
        too_many=_("This file has more than %(rows)s duties. Please split it, one file for each part."),
        unnamed=_("Duty list"),
        back=Link(_("Duties of the branch"), "/shows/duties/branch"),
        next_page=Link(_("To the branch's list"), "/shows/duties/branch?show=all"),
    ),
)

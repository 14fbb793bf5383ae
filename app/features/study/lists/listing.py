"""Hours of other systems as one of the lists that people bring in. What is handed in here waits for another officer."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.errors import NotFoundError
from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.rows import IDS
from app.features.imports.columns import chosen
from app.features.imports.forms import UploadForm
from app.features.imports.lists import AskedBeside, Link, ListKind, Pick, Placed, Planning, PreviewRow, Words
from app.features.imports.models import Upload
from app.features.imports.people import People, candidates, within
from app.features.imports.rows import ImportResult, ReadRow, outcome
from app.features.ledger import closings
from app.features.ledger.forbidden import APPS_2026
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.study import words
from app.features.study.lists import profiles, queries, service
from app.features.study.lists.mapping import HEADINGS, Column, table_in
from app.features.study.lists.planning import HoursBroughtIn, PlannedRow, Setting, chosen_for, planned
from app.features.study.lists.reading import MONTH_LENGTH, SENTENCES, ReadHours, hours_row
from app.features.study.lists.rules import MOST_ROWS

HOME: Final = "/study/hours/lists"
ADDRESS: Final = "/study/hours/import"
_NAMES: Final = select(Organisation.id, Organisation.name).where(Organisation.id.in_(IDS))


class HoursForm(UploadForm):
    """The choice beside the file."""

    place_id: UUID | None = None


def columns_at(upload_id: UUID) -> str:
    """Where the columns of an upload get their meaning."""
    return f"{ADDRESS}/{upload_id}/columns"


def rule() -> str:
    """Why some columns are left unread, with the rule that says so."""
    return gettext("Points, places, log-ins, streaks and likes are never read: %(rule)s.") % {
        "rule": f"{APPS_2026}“不得设置打卡签到、积分排名、统计在线时长等强制性功能”"
    }


def _asks(session: Session, actor: Actor) -> Sequence[AskedBeside]:
    places = queries.places(actor)
    names = {row.id: row.name for row in session.execute(_NAMES, {"ids": places})} if len(places) > 1 else {}
    return (AskedBeside("place_id", gettext("Bring in for"), [(one, names[one]) for one in places]),) if names else ()


def _place(_session: Session, actor: Actor, form: HoursForm) -> Placed:
    places = queries.places(actor)
    place_id = form.place_id or next(iter(places), None)
    if place_id not in places:
        raise NotFoundError
    return Placed(place_id, {})


def _plan(
    session: Session,
    actor: Actor,
    upload: Upload,
    rows: Sequence[ReadRow[ReadHours]],
    seen: Sequence[HoursBroughtIn] | None = None,
) -> Planning[PlannedRow]:
    """``seen``: what stands of these people, where the caller has asked."""
    said = profiles.said(upload)
    if said is None or upload.place_id is None:
        raise service.MappingMissingError
    own = upload.place_id if upload.place_id == actor.branch_id else None
    reached = within(session, own, [] if own else [upload.place_id])
    setting = Setting(
        fingerprint=profiles.fingerprint(upload),
        is_cumulative=said.is_cumulative,
        as_of=said.as_of,
        today=clock.today(),
        people=People(candidates(reached, actor.branch_id)),
        remembered=profiles.people(session, upload),
        chosen=chosen(upload),
        known=lambda people: queries.known(session, people) if seen is None else seen,
        closed=lambda people, years: closings.closed(session, people, years),
    )
    return Planning(
        planned(rows, setting),
        announced=[*_announced(upload, said)],
        ways=(Link(_("Change what the columns mean"), columns_at(upload.id), "sheet"),),
    )


def _announced(upload: Upload, said: profiles.ListChoices) -> Iterator[str]:
    values = {"source": said.source, "category": said.hours_class.label}
    if said.is_remembered:
        yield gettext("Read as last time: %(source)s, category %(category)s.") % values
    else:
        yield gettext("Read as %(source)s, category %(category)s.") % values
    if said.is_cumulative:
        yield gettext("Its amounts are totals that grow: only what is new since the last list counts.")
    if said.as_of:
        yield gettext("All of it is of %(day)s.") % {"day": formats.day(said.as_of)}
    if left_out := profiles.left_out(upload):
        columns = gettext(", ").join(left_out)
        yield gettext("Left unread: %(columns)s. %(why)s") % {"columns": columns, "why": rule()}


def _take_in(session: Session, actor: Actor, upload: Upload, rows: Sequence[ReadRow[ReadHours]]) -> ImportResult:
    plan = _plan(session, actor, upload, rows, seen=()).rows
    people = {one.who.id for one in plan if one.who}
    service.hold(session, people)
    if there := list(queries.known(session, people)):
        plan = _plan(session, actor, upload, rows, seen=there).rows
    said = profiles.said(upload)
    if said:
        service.hand_in(session, actor, upload, said, plan)
    profiles.remember(session, upload, plan, chosen(upload))
    return outcome(plan)


def _shown(_session: Session, _actor: Actor, _upload: Upload, rows: Sequence[PlannedRow]) -> Sequence[PreviewRow]:
    return [
        PreviewRow(
            title=one.who.name if one.who else one.row.entry.name or gettext("nobody named"),
            facts=list(_facts(one)),
            notes=[str(SENTENCES[note]) for note in one.notes],
            pick=_pick(one),
        )
        for one in rows
    ]


def _pick(one: PlannedRow) -> Pick | None:
    if not one.namesakes:
        return None
    return Pick([(person.id, person.words) for person in one.namesakes], one.who and one.who.id)


def _facts(one: PlannedRow) -> Iterator[tuple[str, str]]:
    entry = one.row.entry
    if len(entry.day) == MONTH_LENGTH:
        yield "", formats.month(date.fromisoformat(f"{entry.day}-01"))
    elif one.on:
        yield "", formats.day(one.on)
    if entry.title:
        yield "", entry.title
    if entry.minutes:
        hours = gettext("%(n)s education hours") % {"n": words.hours(entry.minutes)}
        yield "", hours
    if one.minutes and one.minutes != entry.minutes:
        yield gettext("of them new"), gettext("%(n)s education hours") % {"n": words.hours(one.minutes)}


def _confirm_words(number: int) -> str:
    return ngettext("Hand in %(num)s entry", "Hand in %(num)s entries", number) % {"num": number}


HOURS: Final[ListKind[Column, ReadHours, PlannedRow]] = ListKind(
    name="hours",
    address=ADDRESS,
    template_address="/study/hours/template.xlsx",
    names=HEADINGS,
    required=Column.NAME,
    unmissed=frozenset({"序号", "序", "no", "原因"}),
    not_in_template=frozenset({Column.CLOCK, Column.MINUTES, Column.DAYS}),
    column_type=Column,
    entry_type=ReadHours,
    most_rows=MOST_ROWS,
    skips=True,
    form=HoursForm,
    find=table_in,
    settle=profiles.settle,
    ask_first=lambda upload: "" if profiles.said(upload) else columns_at(upload.id),
    about=lambda row, _header: bool(row.cells),
    read=hours_row,
    sentences=SENTENCES,
    asks=_asks,
    place=_place,
    reaches=lambda _session, actor, upload: upload.place_id in queries.places(actor),
    plan=_plan,
    shown=_shown,
    choose=chosen_for,
    take_in=_take_in,
    how_to=(
        "说明：",
        "说明1：其他系统导出的表不必改成这个样子，导入时指定每列的含义，一种表头只需指定一次。",
        "说明2：手机号、工号、姓名至少填一项；日期写到日或月；学时写数字，如 2、1.5、90分钟、1:30。",
        "说明3：积分、排名、登录、活跃、连续、点赞等列一律不读取。导入后由另一名同志确认才计入学时。",
    ),
    words=Words(
        upload=_("Bring in education hours"),
        file=_("The export of 学习强国, 干部网络学院 or another system"),
        most=_("At most 5,000 rows and 10 MB. The headings stand within the first ten rows."),
        promise=_("Nothing counts before you have seen what would be, and another officer has confirmed it."),
        advice=(
            _("What each column means is asked once; the next list with these headings is read the same way."),
            _("People are found by mobile number, then by staff number, then by a name that only one of them has."),
            _("Amounts may read 2, 1.5学时, 90分钟, 1小时30分 or 1:30. Rows of totals are skipped."),
            _("Points, places, log-ins, streaks and likes are never read."),
            _("The same list, or one that overlaps it, brought in again counts nothing twice."),
        ),
        check=_("Check the hours"),
        taken_without=_(
            "All others are handed in without them. Take the file, correct it there, and bring it in again."
        ),
        leave=_("Do not hand them in"),
        left=_("The file is forgotten. Nothing was entered."),
        confirm=_confirm_words,
        done=_("The hours are handed in"),
        same=_("There already"),
        sheet_name="学时",
        template=_("Education hours"),
        to_correct=_("Hours to correct"),
        no_header=_(
            "No headings were found within the first ten rows of this file. It needs one row that names its columns, "
            "such as 姓名, 手机号, 日期 and 学时."
        ),
        no_rows=_("Nothing stands below the headings of this file. Fill in the rows and try again."),
        too_many=_("This file has more than %(rows)s rows. Split it into several files."),
        unnamed=_("Education hours"),
        back=Link(_("Lists of hours"), HOME),
        after_new=_("They wait for another officer, and count once confirmed."),
        next_page=Link(_("To the lists of hours"), HOME),
    ),
)

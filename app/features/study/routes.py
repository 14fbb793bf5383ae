"""My records, and the form that makes one."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages, texts
from app.core.answers import AS_IT_IS, Answer
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Nobody, Router
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.education import sources
from app.features.education.rules import DAY_HOURS, MEMBER_HOURS, OFFICER_HOURS, SMALL_CELL
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.pages import RecordPages, add_record_pages
from app.features.records.rules import earliest_day
from app.features.records.views import form_of, own_lists
from app.features.sign_in.door import require
from app.features.study import queries, service, words
from app.features.study.forms import StudyForm
from app.features.study.hours import queries as hours
from app.features.study.plan.queries import to_study
from app.features.study.review_kind import STUDY
from app.features.study.rules import (
    KIND_EXAMPLES,
    TAKEAWAY_LENGTH,
    TITLE_LENGTH,
    USUAL_MINUTES,
    Standing,
    StudyKind,
)

router = Router(prefix="/study")
RECORDS = "study/records.html"
NEW = "study/new.html"
MEMBER: Final = require(Permission.BE_MEMBER)
MemberActor = Annotated[Actor, MEMBER]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Recorder = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)]
"""Whoever works for a community alone records no study, but wishes on the same page."""


@router.get("")
def my_records(
    request: Request, session: DbSession, actor: MemberActor, *, before: str = "", month: str = "", q: str = ""
) -> Response:
    """What I have recorded, and what became of it: by month, one month alone, or what has these words in its title."""
    today, me = clock.today(), actor.member_id
    records = queries.standing(session, [me])[me]
    entries = sources.of_year(session, [me], today.year)[me]
    asked = hours.asked_of(session, [me], today.year, today).get(me)
    return pages.render(
        request,
        RECORDS,
        block="record_list",
        hours=hours.sums(entries, network=hours.network_counts(session, actor.branch_id, today.year)),
        wanted=asked and asked.hours,
        year=today.year,
        hours_words=words.hours,
        length=words.length,
        totals=_by_month(records),
        **own_lists(session, actor, queries.LISTS, before=before, month=month, typed=q),
    )


@router.get("/branch")
def of_branch(request: Request, session: DbSession, actor: Officer) -> Response:
    """How far the branch has come with its hours, and its register as a file."""
    today = clock.today()
    return pages.render(
        request,
        "study/branch.html",
        coverage=hours.coverage(session, actor.branch_id, today),
        records=queries.records(session, actor.branch_id, today),
        year=today.year,
        day=hours.day_decision(session, actor.branch_id, today.year),
        usual_day=DAY_HOURS[0],
        small_cell=SMALL_CELL,
        member_hours=MEMBER_HOURS,
        officer_hours=OFFICER_HOURS,
    )


@router.get("/branch.xlsx")
def register(
    session: DbSession, actor: Officer, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> Response:
    """What everybody recorded in a year (this one, if not said), by group and name."""
    year = year or clock.today().year
    content = queries.register_file(queries.register(session, actor.branch_id, year))
    name = _("Study of %(name)s %(year)s") % {"name": actor.branch_name, "year": year}
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


@router.get("/new")
def new(
    request: Request,
    session: DbSession,
    actor: Recorder,
    *,
    corrects: UUID | None = None,
    for_other: bool = False,
    title: str = "",
    kind: str = "",
) -> Response:
    """The form, empty, begun with what a plan holds, or filled with a returned record that is to be corrected."""
    meant = (texts.visible(title)[:TITLE_LENGTH], StudyKind(kind) if kind in set(StudyKind) else None)
    return _form(request, session, actor, corrects_id=corrects, for_other=for_other, meant=meant)


@router.get("/capture")
def capture(request: Request, _door: Nobody) -> Response:
    """The form as the phone keeps it for everybody. It carries no id, or two people's records would share it."""
    return pages.render_shell(request, NEW, **_blank(Form[StudyForm](), None))


def _by_month(records: Sequence[Standing]) -> dict[date, str]:
    """How many records of each month stand, by its first day, and how long they took together."""
    months = groupby(records, key=lambda record: record.occurred_on.replace(day=1))
    return {
        month: _("%(records)s, %(time)s")
        % {
            "records": ngettext("%(num)s record", "%(num)s records", len(minutes)) % {"num": len(minutes)},
            "time": words.length(sum(minutes)),
        }
        for month, minutes in ((month, [record.minutes for record in same]) for month, same in months)
    }


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    corrects_id: UUID | None = None,
    for_other: bool = False,
    meant: tuple[str, StudyKind | None] = ("", None),
) -> Response:
    filled = form_of(session, actor, queries.LISTS, answer, corrects_id=corrects_id, for_other=for_other)
    corrected = filled["corrected"]
    last = queries.last(session, actor)
    filled["meant"], kind = meant
    filled["last_kind"] = corrected.kind if corrected else kind or last.kind
    filled["planned"] = to_study(session, actor.branch_id, clock.today())
    filled["recent"] = last.titles
    filled["day_hours"] = hours.day_hours(session, actor.branch_id, clock.today().year)
    context = _blank(answer.form or Form[StudyForm](), corrected.minutes if corrected else None) | filled
    return pages.render(request, NEW, block="capture", status=answer.status, **context)


def _blank(typed: Form[StudyForm], minutes: int | None) -> dict[str, Any]:
    """The form before anybody is known to fill it in."""
    return {
        "form": None,
        "id": None,
        "corrected": None,
        "people": None,
        "last_kind": StudyKind.SELF_STUDY,
        "meant": "",
        "planned": {},
        "recent": [],
        "kinds": [(kind.value, kind.label, KIND_EXAMPLES[kind]) for kind in StudyKind],
        "lengths": _lengths(typed, minutes),
        "day_hours": DAY_HOURS[0],
        "today": clock.today(),
        "earliest": earliest_day(clock.today()),
        "title_length": TITLE_LENGTH,
        "takeaway_length": TAKEAWAY_LENGTH,
    }


def _lengths(form: Form[StudyForm], corrected: int | None) -> list[tuple[int, str]]:
    """The usual lengths, and the one that was meant if it is none of them."""
    typed = form.typed("minutes", corrected)
    is_number = typed.isdecimal() and len(typed) <= 4  # Python reads no number of thousands of digits
    meant = {int(typed)} if is_number and 1 <= int(typed) <= USUAL_MINUTES[-1] * 3 else set()
    return [(minutes, words.length(minutes)) for minutes in sorted({*USUAL_MINUTES, *meant})]


add_record_pages(
    router,
    MEMBER,
    RecordPages(
        kind=STUDY.name,
        lists=queries.LISTS,
        template=RECORDS,
        length=words.length,
        form=StudyForm,
        record=service.record,
        page=_form,
    ),
)

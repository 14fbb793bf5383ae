"""What study adds to a record's pages (``records/pages``): register, branch, and the page that phones keep."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages, texts
from app.core.cells import SMALL_CELL
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Nobody
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.education import sources
from app.features.education.rules import DAY_HOURS, MEMBER_HOURS, OFFICER_HOURS
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.forms import RecordForm
from app.features.records.pages import record_router
from app.features.records.rules import TITLE_LENGTH
from app.features.records.views import limits
from app.features.sign_in.door import require
from app.features.study import queries, words
from app.features.study.hours import queries as hours
from app.features.study.plan.queries import to_study
from app.features.study.record import RECORD
from app.features.study.rules import KIND_EXAMPLES, TAKEAWAY_LENGTH, USUAL_MINUTES, Standing, StudyKind

Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
RECORDER: Final = require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)
"""Whoever works for a community alone records no study, but wishes on the same page."""


def _listed(session: Session, actor: Actor) -> dict[str, Any]:
    """Beside my records what they come to: by month, and as hours of education of the year."""
    today, me = clock.today(), actor.member_id
    records = queries.standing(session, [me])[me]
    entries = sources.of_year(session, [me], today.year)[me]
    asked = hours.asked_of(session, [me], today.year, today).get(me)
    return {
        "hours": hours.sums(entries, network=hours.network_counts(session, actor.branch_id, today.year)),
        "wanted": asked and asked.hours,
        "year": today.year,
        "hours_words": words.hours,
        "totals": _by_month(records),
    }


def _asked(request: Request, session: Session, actor: Actor, filled: dict[str, Any]) -> dict[str, Any]:
    """The form begins with what a plan holds and the address names, else with what was recorded last."""
    title, kind = (request.query_params.get(name, "") for name in ("title", "kind"))
    corrected, last = filled["corrected"], queries.last(session, actor)
    begun = StudyKind(kind) if kind in set(StudyKind) else last.kind
    return _blank(filled["form"] or Form[RecordForm](), corrected.minutes if corrected else None) | {
        "last_kind": corrected.kind if corrected else begun,
        "meant": texts.visible(title)[:TITLE_LENGTH],
        "planned": to_study(session, actor.branch_id, clock.today()),
        "recent": last.titles,
        "day_hours": hours.day_hours(session, actor.branch_id, clock.today().year),
    }


router = record_router(RECORD, listed=_listed, asked=_asked, form_door=RECORDER)


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


@router.get("/capture")
def capture(request: Request, _door: Nobody) -> Response:
    """The form as the phone keeps it for everybody. It carries no id, or two people's records would share it."""
    nobody = {"form": None, "id": None, "corrected": None, "people": None, **limits()}
    return pages.render_shell(request, "study/capture.html", **nobody, **_blank(Form[RecordForm](), None))


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


def _blank(typed: Form[RecordForm], minutes: int | None) -> dict[str, Any]:
    """What the form offers before anybody is known to fill it in."""
    return {
        "last_kind": StudyKind.SELF_STUDY,
        "meant": "",
        "planned": {},
        "recent": [],
        "kinds": [(kind.value, kind.label, KIND_EXAMPLES[kind]) for kind in StudyKind],
        "lengths": _lengths(typed, minutes),
        "day_hours": DAY_HOURS[0],
        "takeaway_length": TAKEAWAY_LENGTH,
    }


def _lengths(form: Form[RecordForm], corrected: int | None) -> list[tuple[int, str]]:
    """The usual lengths, and the one that was meant if it is none of them."""
    typed = form.typed("minutes", corrected)
    is_number = typed.isdecimal() and len(typed) <= 4  # Python reads no number of thousands of digits
    meant = {int(typed)} if is_number and 1 <= int(typed) <= USUAL_MINUTES[-1] * 3 else set()
    return [(minutes, words.length(minutes)) for minutes in sorted({*USUAL_MINUTES, *meant})]

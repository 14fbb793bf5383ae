"""The month's plan: read by members, made by those who plan, printed."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.core import clock, formats, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotFoundError
from app.core.forms import EARLIEST_DAY, LATEST_DAY, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.months import months_later
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE, Table, write_tables
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.records.rules import TITLE_LENGTH
from app.features.sign_in.door import require
from app.features.study.bank.keepers import kept_by
from app.features.study.materials import queries as materials
from app.features.study.plan import queries, service
from app.features.study.plan.due import HOME
from app.features.study.plan.forms import BringForm, ItemForm, ItemsForm, SeveralForm, news_of
from app.features.study.plan.rules import ROWS, SPEAKER_LENGTH, Expected, NewItem, NothingChosenError, is_open
from app.features.study.rules import StudyKind

router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Keeper = Annotated[Actor, require(Permission.KEEP_QUESTIONS)]


class Whose(BaseModel):
    """What an address asks for: whose plan, and of which month; on paper also of a whole year."""

    of: UUID | None = None
    month: Annotated[str, Field(max_length=10)] = ""
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None


Wanted = Annotated[Whose, Query()]


class Plan(NamedTuple):
    """Whose plan, and of which month (its first day)."""

    owner_id: UUID
    month: date

    def asked(self, actor: Actor) -> str:
        """How an address asks for it."""
        whose = "" if self.owner_id == actor.branch_id else f"&of={self.owner_id}"
        return f"month={self.month.year:04}-{self.month.month:02}{whose}"

    def page(self, actor: Actor) -> str:
        """The address of its page."""
        return f"{HOME}?{self.asked(actor)}"


@router.get("")
def plan(request: Request, session: DbSession, actor: MemberActor, wanted: Wanted) -> Response:
    """The plan of a month: this one, if not said. Phones keep this page."""
    shown = _readable(session, actor, wanted)
    owner_id, of_month = shown
    nearby = [shown._replace(month=months_later(of_month, n)) for n in (-1, 0, 1)]
    owners, others = queries.owners(session, actor), queries.months(session, owner_id)
    return pages.render(
        request,
        "study/plan.html",
        month=of_month,
        items=queries.of_month(session, [owner_id], of_month),
        owners=[(shown._replace(owner_id=one).page(actor), name, one == owner_id) for one, name in owners.items()],
        months=[(one.page(actor), formats.month(one.month), one == shown) for one in nearby],
        others=[(shown._replace(month=one).page(actor), formats.month(one)) for one in others],
        keeps=owner_id in kept_by(actor) and is_open(of_month, clock.today()),
        is_mine=owner_id == actor.branch_id and of_month <= clock.today(),
        asked=shown.asked(actor),
        home=HOME,
    )


@router.get("/new")
def new(request: Request, session: DbSession, actor: Keeper, wanted: Wanted) -> Response:
    """The form for several items at once."""
    return _items(request, session, actor, _made(actor, wanted))


@router.post("")
def add(request: Request, session: DbSession, actor: Keeper, wanted: Wanted, raw: RawForm) -> Response:
    """Put them into the plan."""
    shown = _made(actor, wanted)

    def do(form: SeveralForm) -> Done:
        number = service.add(session, actor, **shown._asdict(), news=news_of(form))
        said = ngettext("%(num)s item is in the plan.", "%(num)s items are in the plan.", number) % {"num": number}
        return Done(shown.page(actor), said)

    page = partial(_items, request, session, actor, shown)
    return act(request, session, raw, ItemsForm, do, page=page)


@router.get("/bring")
def bringable(request: Request, session: DbSession, actor: Keeper, wanted: Wanted) -> Response:
    """What last month and the committee's plan hold for this one."""
    return _bring(request, session, actor, _made(actor, wanted))


@router.post("/bring")
def bring(request: Request, session: DbSession, actor: Keeper, wanted: Wanted, raw: RawForm) -> Response:
    """Take over what is ticked."""
    shown = _made(actor, wanted)

    def do(form: BringForm) -> Done:
        if not form.ids:
            raise NothingChosenError
        number = service.bring(session, actor, **shown._asdict(), ids=form.ids)
        said = ngettext("%(num)s item is in the plan.", "%(num)s items are in the plan.", number) % {"num": number}
        return Done(shown.page(actor), said)

    page = partial(_bring, request, session, actor, shown)
    return act(request, session, raw, BringForm, do, page=page)


@router.get("/items/{item_id:uuid}")
def item(request: Request, session: DbSession, actor: Keeper, item_id: UUID) -> Response:
    """The form of an item that is there."""
    return _item(request, session, actor, item_id)


@router.post("/items/{item_id:uuid}")
def change(request: Request, session: DbSession, actor: Keeper, item_id: UUID, raw: RawForm) -> Response:
    """Mend it."""

    def do(form: ItemForm) -> Done:
        said = form.model_dump(exclude={"materials"}) | {"speaker": form.speaker or None}
        there = service.change(
            session, actor, item_id=item_id, new=NewItem(**said), material_ids=dict.fromkeys(form.materials)
        )
        return Done(Plan(there.owner_id, there.month).page(actor), _("Saved."))

    page = partial(_item, request, session, actor, item_id, ticked={str(one) for one in raw.getlist("materials")})
    return act(request, session, raw, ItemForm, do, page=page)


@router.post("/items/{item_id:uuid}/remove")
def remove(request: Request, session: DbSession, actor: Keeper, item_id: UUID) -> Response:
    """Take it off the plan."""
    there = service.remove(session, actor, item_id=item_id)
    return pages.go(request, Plan(there.owner_id, there.month).page(actor), message=_("Taken off the plan."))


@router.get("/paper")
def paper(
    request: Request,
    session: DbSession,
    actor: MemberActor,
    wanted: Wanted,
) -> Response:
    """The usual form 月度学习计划 on paper: of a month, or of a year."""
    shown = _readable(session, actor, wanted)
    asked = f"{shown.asked(actor)}{f'&year={wanted.year}' if wanted.year else ''}"
    return pages.render(
        request,
        "paper.html",
        tables=[_table(session, shown, wanted.year)],
        sub=f"{queries.owners(session, actor)[shown.owner_id]} · {wanted.year or formats.month(shown.month)}",
        file=f"{HOME}/paper.xlsx?{asked}",
        back=(shown.page(actor), _("Study plan")),
    )


@router.get("/paper.xlsx")
def file(session: DbSession, actor: MemberActor, wanted: Wanted) -> Response:
    """The same as a file."""
    shown = _readable(session, actor, wanted)
    table = _table(session, shown, wanted.year)
    whose, when = queries.owners(session, actor)[shown.owner_id], wanted.year or formats.month(shown.month)
    return pages.download(write_tables([table]), name=f"{table.name} {whose} {when}.xlsx", media_type=XLSX_MEDIA_TYPE)


def _table(session: Session, shown: Plan, year: int | None) -> Table:
    since, until = (date(year, 1, 1), date(year, 12, 1)) if year else (shown.month, shown.month)
    return queries.register(queries.between(session, shown.owner_id, since, until))


def _readable(session: Session, actor: Actor, wanted: Whose) -> Plan:
    owner_id = wanted.of or actor.branch_id
    if owner_id not in queries.owners(session, actor):
        raise NotFoundError
    return Plan(owner_id, _month(wanted.month))


def _made(actor: Actor, wanted: Whose) -> Plan:
    made = Plan(wanted.of or actor.branch_id, _month(wanted.month))
    service.check(actor, *made)
    return made


def _month(text: str) -> date:
    """The first day of the month that ``text`` (``2026-11``) says; this month where it says none."""
    with suppress(ValueError):
        month = date.fromisoformat(f"{text[:7]}-01")
        if EARLIEST_DAY < month < LATEST_DAY.replace(month=1):
            return month
    return clock.first_of_month(clock.today())


def _meetings(session: Session, actor: Actor, owner_id: UUID, month: date) -> list[tuple[UUID, str]]:
    rows = queries.meetings_of(session, actor, owner_id, month)
    return [(row.id, f"{formats.moment(row.begins_at)} {row.title}") for row in rows]


def _items(request: Request, session: Session, actor: Actor, shown: Plan, answer: Answer = AS_IT_IS) -> Response:
    return pages.render(
        request,
        "study/plan_items.html",
        block="items_form",
        status=answer.status,
        form=answer.form,
        id=(answer.form and ids.read(answer.form.typed("id"))) or new_id(),
        month=shown.month,
        rows=range(1, ROWS + 1),
        kinds=StudyKind.choices(),
        meetings=_meetings(session, actor, *shown),
        title_length=TITLE_LENGTH,
        back=shown.page(actor),
        to=f"{HOME}?{shown.asked(actor)}",
    )


def _bring(request: Request, session: Session, actor: Actor, shown: Plan, answer: Answer = AS_IT_IS) -> Response:
    proposals = service.proposals(session, actor, *shown)
    own = [one for one in proposals if one.is_own]
    above: dict[str, list[service.Proposal]] = {}
    for one in proposals:
        if not one.is_own:
            above.setdefault(one.item.owner, []).append(one)
    return pages.render(
        request,
        "study/plan_bring.html",
        block="bring_form",
        status=answer.status,
        form=answer.form,
        month=shown.month,
        groups=[*([(_("Last month"), own)] if own else []), *above.items()],
        back=shown.page(actor),
        to=f"{HOME}/bring?{shown.asked(actor)}",
        new=f"{HOME}/new?{shown.asked(actor)}",
    )


def _item(
    request: Request,
    session: Session,
    actor: Actor,
    item_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    ticked: Collection[str] | None = None,
) -> Response:
    there = queries.kept(session, actor, item_id)
    service.check(actor, there.owner_id, there.month)
    (shown,) = [one for one in queries.of_month(session, [there.owner_id], there.month) if one.id == item_id]
    chosen = {str(row.id) for row in shown.materials}
    usable = materials.listed(session, materials.usable(session, there.owner_id))
    others = [row for row in usable if str(row.id) not in chosen]
    ticked = chosen if ticked is None else ticked
    meetings = _meetings(session, actor, there.owner_id, there.month)
    if there.event_id and there.event_id not in dict(meetings):  # called off, or of another month by now
        meetings.insert(0, (there.event_id, shown.when))
    return pages.render(
        request,
        "study/plan_item.html",
        block="item_form",
        status=answer.status,
        form=answer.form,
        there=there,
        kinds=StudyKind.choices(),
        scopes=Expected.choices(),
        meetings=meetings,
        materials=[(row, str(row.id) in ticked) for row in (*shown.materials, *others)],
        title_length=TITLE_LENGTH,
        speaker_length=SPEAKER_LENGTH,
        back=Plan(there.owner_id, there.month).page(actor),
        home=HOME,
    )

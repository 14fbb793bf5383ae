"""One queue for everything that waits for an officer's word."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, ids, keyset, pages
from app.core.errors import BadInputError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router
from app.features.approvals import queries
from app.features.approvals.forms import DecisionForm, UndoForm
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import service as reviews
from app.features.reviews import sessions
from app.features.reviews.kinds import Alike, kind_called, kinds
from app.features.reviews.outcomes import Refused, TapOutcome
from app.features.reviews.rules import REASON_LENGTH, UNDO_LASTS, Flag, ReturnReason, ReviewStatus
from app.features.reviews.waiting import Waiting
from app.features.reviews.waiting import waiting as count_waiting
from app.features.sign_in.door import require

router = Router(prefix="/approvals")
QUEUE = "approvals/queue.html"
ONE = "approvals/one.html"
DECIDED = "approvals/decided.html"
OfficerActor = Annotated[Actor, require(Permission.APPROVE, Permission.STAND_IN)]
WORDS: Final[dict[str, Any]] = {
    "flag_named": Flag,
    "reason_length": REASON_LENGTH,
    "return_reasons": ReturnReason.choices(),
}


@router.get("")
def queue(request: Request, session: DbSession, actor: OfficerActor, kind: str = "", after: str = "") -> Response:
    """What waits, longest first."""
    return _queue(request, session, actor, kind=kind, after=keyset.read(after, datetime))


@router.get("/decided")
def decided(request: Request, session: DbSession, actor: OfficerActor) -> Response:
    """What was decided in the last days, and by whom; one's own words can be taken back for a while."""
    since = clock.now() - UNDO_LASTS
    found = queries.decided(session, actor)
    rows = found[: queries.LATELY_SHOWN]
    return pages.render(
        request,
        DECIDED,
        days=[(day, list(of_day)) for day, of_day in groupby(rows, lambda row: clock.local_day(row.decided_at))],
        last_of={row.decision_id: row.id for row in reversed(rows)},
        can_undo=lambda row: row.decided_by_id == actor.member_id and row.decided_at >= since,
        label=lambda row: kind_called(row.kind).label,
        span=queries.LATELY.days,
        cut_at=len(rows) if len(found) > len(rows) else None,
    )


@router.get("/{review_id}")
def one(request: Request, session: DbSession, actor: OfficerActor, review_id: UUID, kind: str = "") -> Response:
    """Everything there is to know of one record, and the word to be said on it; on a desk, beside the queue."""
    return _one(request, session, actor, review_id, kind=kind)


@router.post("/decide")
def decide(request: Request, session: DbSession, actor: OfficerActor, raw: RawForm) -> Response:
    """Approve or return; what cannot be decided stays and is named."""
    form = forms.parse(DecisionForm, raw)
    if form.value is None:
        return _again(request, session, actor, form, [str(name) for name in raw.getlist("ids")])
    asked = form.value
    if asked.decision == "approve":
        outcome = reviews.approve(session, actor, asked.ids, acknowledged=asked.acknowledged)
        said = _approved(len(outcome.done))
    else:
        outcome = reviews.return_to_member(
            session, actor, asked.ids, reason=asked.reason, returned_for=asked.returned_for
        )
        said = _returned(len(outcome.done))
    return _answer(request, session, actor, outcome, said=said, kind=asked.kind)


@router.post("/undo")
def undo(request: Request, session: DbSession, actor: OfficerActor, raw: RawForm) -> Response:
    """Take back what the last tap decided."""
    form = forms.parse(UndoForm, raw)
    if form.value is None:
        raise BadInputError
    outcome = reviews.undo(session, actor, decision_id=form.value.decision_id)
    said = _("Taken back: these records wait again.")
    return _answer(request, session, actor, outcome, said=said, kind=form.value.kind)


def _answer(request: Request, session: Session, actor: Actor, outcome: TapOutcome, *, said: str, kind: str) -> Response:
    """Back to the queue; what stayed is named there."""
    if not outcome.refused and not pages.wants_fragment(request):
        known = kind in {one.name for one in kinds()}
        return pages.go(request, f"/approvals?kind={kind}" if known else "/approvals", message=said)
    status = 200 if outcome.done or not outcome.refused else outcome.refused[0].error.status
    message = "" if outcome.refused and not outcome.done else said  # nor what was said before
    return _queue(
        request,
        session,
        actor,
        kind=kind,
        refused=outcome.refused,
        offer_undo=outcome.decision_id is not None,
        status=status,
        message=message,
    )


def _again(
    request: Request, session: Session, actor: Actor, form: Form[DecisionForm], ticked: Collection[str]
) -> Response:
    """The page the form was sent from, with what was typed and ticked."""
    if form.typed("page") == "one":
        return _one(
            request, session, actor, next(map(ids.read, ticked), None), kind=form.typed("kind"), form=form, status=422
        )
    return _queue(request, session, actor, kind=form.typed("kind"), form=form, ticked=ticked, status=422)


def _queue(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    kind: str = "",
    after: tuple[datetime, UUID] | None = None,
    form: Form[DecisionForm] | None = None,
    ticked: Collection[str] | None = None,
    refused: Collection[Refused] = (),
    offer_undo: bool = True,
    status: int = 200,
    message: str | None = None,
) -> Response:
    """The queue. Unless the officer has ``ticked`` otherwise, the flagged and those decided one by one are not."""
    waiting = count_waiting(session, actor)
    kind = kind if kind in waiting.by_kind else ""
    rows = queries.queue(session, actor, kind=kind, after=after) if waiting.total else ()
    shown = rows[: queries.PAGE]
    chosen = {row.id for row in shown if not row.flags and _is_ticked(row, ticked)}
    return pages.render(
        request,
        QUEUE,
        block="queue",
        status=status,
        message=message,
        rows=shown,
        groups=_groups(shown),
        chosen=chosen,
        can_tick=any(not row.flags for row in shown),
        more=keyset.end_of(shown[-1].submitted_at, shown[-1].id) if len(rows) > len(shown) else None,
        total=waiting.by_kind.get(kind, waiting.total),
        for_others=_for_others(waiting.for_others),
        kind=kind,
        views=_views(waiting, kind),
        describe=lambda row: kind_called(row.kind).for_officer(row.detail),
        is_one_by_one=lambda row: kind_called(row.kind).one_by_one,
        is_advised=lambda row: bool(kind_called(row.kind).advise(row.detail)),
        is_gathered=lambda row: bool(_gathered(row)) and not row.flags,
        last=queries.last_decision(session, actor) if offer_undo else None,
        approved_words=_approved,
        returned_words=_returned,
        form=form,
        refused=refused,
        **WORDS,
    )


def _groups(rows: Sequence[queries.AnyRow]) -> list[tuple[str, list[queries.AnyRow]]]:
    """Those that want a look of their own, those of one gathering, and those that can be approved together.

    Within each the longest waiting come first; of a gathering, those on whom something is advised.
    """
    apart = [row for row in rows if row.flags or kind_called(row.kind).one_by_one]
    gathered: dict[str, list[queries.AnyRow]] = {}
    together = []
    for row in rows:
        if row in apart:
            continue
        if heading := _gathered(row):
            gathered.setdefault(heading, []).append(row)
        else:
            together.append(row)
    for group in gathered.values():
        group.sort(key=lambda row: not kind_called(row.kind).advise(row.detail))
    doubtful = Counter(map(_gathered, apart))
    named = (
        (_("To be looked at one by one"), apart),
        *((_numbered(heading, len(group), doubtful[heading]), group) for heading, group in gathered.items()),
        (_("Can be approved together"), together),
    )
    return [(heading, group) for heading, group in named if group]


def _numbered(heading: str, good: int, doubtful: int) -> str:
    """``支部党员大会 · 11月6日 14:30: 13 good, 1 doubtful``, where some of a gathering are looked at one by one."""
    said = _("%(heading)s: %(good)s good, %(doubtful)s doubtful")
    return said % {"heading": heading, "good": good, "doubtful": doubtful} if doubtful else heading


def _gathered(row: queries.AnyRow) -> str:
    """Over which heading the row is looked at with others; empty where it stands for itself."""
    gathered = kind_called(row.kind).gathered
    return gathered(row.detail) if gathered else ""


def _is_ticked(row: queries.AnyRow, ticked: Collection[str] | None) -> bool:
    """As the officer has ticked it; before that, if nobody has to look at each of its kind, or at this one."""
    kind = kind_called(row.kind)
    return not (kind.one_by_one or kind.advise(row.detail)) if ticked is None else str(row.id) in ticked


def _one(
    request: Request,
    session: Session,
    actor: Actor,
    review_id: UUID | None,
    *,
    kind: str = "",
    form: Form[DecisionForm] | None = None,
    status: int = 200,
) -> Response:
    if review_id is None:
        raise NotFoundError
    row = queries.one(session, actor, review_id)
    known = kind_called(row.kind)
    return pages.render(
        request,
        ONE,
        block="record",
        status=status,
        retarget="#detail",
        beside=pages.wants_fragment(request),
        kind=kind,
        row=row,
        is_own=actor.member_id in (row.member_id, row.recorded_by_id),
        particulars=known.particulars(session, review_id),
        taken_back=queries.taken_back(session, row),
        alike=_alike(session, row) if Flag.OVERLAP in row.flags else (),
        state=row.status.label,
        is_open=row.status is ReviewStatus.PENDING,
        undo_minutes=UNDO_LASTS.seconds // 60,
        form=form,
        **WORDS,
    )


def _alike(session: Session, row: queries.AnyRow) -> list[Alike]:
    """For what the record is marked: others of its stream, and a session of which another stream tells."""
    of_stream = kind_called(row.kind).alike
    return [*(of_stream(session, row) if of_stream else ()), *sessions.alike(session, row)]


def _views(waiting: Waiting, kind: str) -> list[tuple[str, str, bool]]:
    """Address, words and whether it is this one: of all, and of each kind that waits."""
    of_kinds = [
        (f"/approvals?kind={known.name}", f"{known.label} {waiting.by_kind[known.name]}", known.name == kind)
        for known in kinds()
        if known.name in waiting.by_kind
    ]
    return [("/approvals", _("All %(n)s") % {"n": waiting.total}, not kind), *of_kinds]


def _for_others(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(n)s record is your own or was entered by you; another officer decides on it.",
        "%(n)s records are your own or were entered by you; another officer decides on them.",
        number,
    ) % {"n": number}


def _approved(number: int) -> str:
    return ngettext("%(n)s record approved.", "%(n)s records approved.", number) % {"n": number}


def _returned(number: int) -> str:
    return ngettext("%(n)s record returned.", "%(n)s records returned.", number) % {"n": number}

"""The same three pages written by hand: bare FastAPI, the drivers themselves, SQL as text, the same templates.

Whatever the product's pages cost beyond these is what its layers cost: the unit of work, the ORM's engine, the
security headers, the log line. Nothing is left out that a visitor would see.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from app.core import clock, keyset, pages
from app.core.settings import settings
from app.features.home import rules as home
from app.features.ledger.rules import FactType, Total
from app.features.members.actor import Actor
from app.features.members.rules import EXEMPTION_LABELS, Permission, Role, permissions_of
from app.features.reviews.kinds import correction_page, kind_called
from app.features.reviews.rules import REASON_LENGTH, UNDO_LASTS, Flag
from app.features.scores import fact_words, words
from app.features.scores.periods import Period, choices, period_of
from app.features.scores.queries import MemberSheet
from app.features.scores.rule_set import rule_set
from app.features.scores.rules import evaluate
from app.features.scores.sheet import Standing
from app.features.shows.duties.review_kind import DUTY
from app.features.shows.pledges.review_kinds import OUTCOME, PLEDGE
from app.features.sign_in.rules import COOKIE
from app.features.sign_in.tokens import digest
from app.features.study.review_kind import STUDY
from bench import due_by_hand, sql
from bench.connections import Ask, a_day, a_moment, an_id, an_object, asker

QUEUE_PAGE: Final = 50
KINDS: Final = (DUTY, PLEDGE, OUTCOME, STUDY)


def create_app() -> FastAPI:
    """The three pages, and ``/hello`` for what an empty answer costs."""
    ask = asker(settings().resolved_database_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings().threads
        pages.environment()
        yield

    app = FastAPI(openapi_url=None, lifespan=lifespan)

    @app.get("/hello")
    def hello() -> Response:
        return HTMLResponse("<p>Hello</p>")

    @app.get("/")
    def today(request: Request) -> Response:
        return _today(request, ask)

    @app.get("/approvals")
    def queue(request: Request) -> Response:
        return _queue(request, ask)

    @app.get("/sheet")
    def sheet(request: Request) -> Response:
        return _sheet(request, ask)

    return app


def _today(request: Request, ask: Ask) -> Response:
    actor = _actor(request, ask)
    me = {"me": actor.member_id, "branch": actor.branch_id}
    own = ask(sql.OWN_RECORDS, me | {"since": clock.now() - home.RETURNED_SHOWN})
    for row in own:
        row |= {"id": an_id(row["id"]), "occurred_on": a_day(row["occurred_on"]), "detail": an_object(row["detail"])}
    decides = actor.may(Permission.APPROVE)
    to_decide = {row["kind"]: row["number"] for row in ask(sql.TO_DECIDE, me)} if decides else {}
    to_correct = [row for row in own if row["status"] == "returned"]
    lines = due_by_hand.lines(ask, actor, clock.today())
    returned = {row["kind"] for row in to_correct}
    due = [line for line in lines if line.came_back not in returned]
    reminders = list(due_by_hand.reminders(ask, actor, clock.today()))
    return _shown(
        request,
        actor,
        "home/today.html",
        today=clock.today(),
        waits={
            "to_decide": to_decide,
            "to_correct": to_correct,
            "waiting": [row for row in own if row["status"] == "pending"],
            "due": due,
            "reminders": reminders,
            "matters": len(to_correct) + bool(to_decide) + len(due) + len(reminders),
        },
        shown=_member_sheet(ask, actor, period_of(clock.today())),
        kind_called=kind_called,
        correction_page=correction_page,
        most=home.ROWS_SHOWN,
        due_shown=home.DUE_SHOWN,
    )


def _queue(request: Request, ask: Ask) -> Response:
    actor = _actor(request, ask)
    me = {"me": actor.member_id, "branch": actor.branch_id}
    waiting = {row["kind"]: int(row["mine"]) for row in ask(sql.WAITING, me)}
    total = sum(waiting.values())
    rows = ask(sql.QUEUE, me)
    shown = rows[:QUEUE_PAGE]
    for row in shown:
        row |= {
            "id": an_id(row["id"]),
            "occurred_on": a_day(row["occurred_on"]),
            "detail": an_object(row["detail"]),
            "flags": [Flag(word) for word in row["flags"].split()],
        }
    chosen = {row["id"] for row in shown if not row["flags"] and not kind_called(row["kind"]).one_by_one}
    last = ask(sql.LAST_DECISION, me | {"since": clock.now() - UNDO_LASTS})
    return _shown(
        request,
        actor,
        "approvals/queue.html",
        rows=shown,
        chosen=chosen,
        can_tick=bool(chosen),
        more=keyset.end_of(a_moment(shown[-1]["submitted_at"]), shown[-1]["id"]) if len(rows) > len(shown) else None,
        total=total,
        for_others="",
        kind="",
        views=[
            ("/approvals", f"{total}", True),
            *(
                (f"/approvals?kind={kind.name}", f"{kind.label} {waiting[kind.name]}", False)
                for kind in KINDS
                if kind.name in waiting
            ),
        ],
        describe=lambda row: kind_called(row["kind"]).describe(row["detail"]),
        is_one_by_one=lambda row: kind_called(row["kind"]).one_by_one,
        last=last[0] if last else None,
        approved_words=str,
        returned_words=str,
        form=None,
        refused=(),
        flag_named=Flag,
        reason_length=REASON_LENGTH,
    )


def _sheet(request: Request, ask: Ask) -> Response:
    actor = _actor(request, ask)
    period = period_of(clock.today())
    year = f"/sheet/{period.year}"
    return _shown(
        request,
        actor,
        "scores/sheet.html",
        shown=_member_sheet(ask, actor, period),
        views=[
            (
                f"{year}?through={choice.through}" if choice.through else year,
                words.choice_words(choice),
                choice.is_chosen,
            )
            for choice in choices(period, clock.today())
        ],
        years=[],
        base="/sheet",
        year_address=year,
        suffix="",
        here="/sheet",
        words=words,
        fact_words=fact_words,
        exemption_labels=EXEMPTION_LABELS,
    )


def _actor(request: Request, ask: Ask) -> Actor:
    token = request.cookies[COOKIE]
    rows = ask(sql.SESSION, {"digest": digest(token), "today": clock.today()})
    first = rows[0]
    roles = frozenset(Role(row["role"]) for row in rows if row["role"])
    return Actor(
        member_id=an_id(first["member_id"]),
        name=first["name"],
        branch_id=an_id(first["branch_id"]),
        branch_name=first["branch_name"],
        group_id=an_id(first["group_id"]) if first["group_id"] else None,
        roles=roles,
        permissions=permissions_of(roles),
        session_id=an_id(first["session_id"]),
        confirmed_at=None,
        is_demo=bool(first["is_demo"]),
    )


def _member_sheet(ask: Ask, actor: Actor, period: Period) -> MemberSheet:
    me = {"me": actor.member_id, "today": period.through, "year": period.year}
    (subject,) = ask(sql.SUBJECT, me)
    months = {"me": actor.member_id, "since": period.since, "until": period.through.replace(day=1)}
    totals = [
        Total(
            a_day(row["month"]),
            FactType(row["fact_type"]),
            row["grade"],
            row["matter"],
            row["count"],
            row["quantity"],
        )
        for row in ask(sql.TOTALS, months)
    ]
    numbers: Counter[FactType] = Counter()
    for total in totals:
        numbers[total.fact_type] += total.count
    rules = rule_set(subject["version"])
    standing = Standing.EXEMPT if subject["exemption"] else Standing(subject["status"])
    return MemberSheet(
        member_id=an_id(subject["id"]),
        name=subject["name"],
        branch_name=subject["branch_name"],
        group_name=subject["group_name"],
        exemption=subject["exemption"],
        period=period,
        rules=rules,
        is_pinned=True,
        first_year=a_day(subject["first_month"]).year,
        sheet=evaluate(rules, totals, through=period.through, standing=standing, closed=period.is_closed),
        numbers=numbers,
    )


def _shown(request: Request, actor: Actor, template: str, **context: Any) -> Response:
    page = pages.PageState(
        lang="zh-CN", theme="auto", text="normal", path=request.url.path, demo=actor.is_demo, message=None
    )
    html = pages.environment().get_template(template).render(request=request, page=page, actor=actor, **context)
    return HTMLResponse(html)

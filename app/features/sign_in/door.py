"""Who is there: the one place where a request becomes an ``Actor``, in one joined query."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import EndedError, ForbiddenError, NotSignedInError
from app.core.pages import MESSAGE_COOKIE
from app.core.routing import Door, write_aside
from app.core.settings import settings
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission, Role, permissions_of
from app.features.sign_in import known_devices, queries, service
from app.features.sign_in.errors import ConfirmationNeededError
from app.features.sign_in.factors import queries as factors
from app.features.sign_in.factors.passkeys import Site, site
from app.features.sign_in.factors.rules import AWAITED_FOR, FactorNeededError, must_have_one
from app.features.sign_in.outside.errors import OwnWordFirstError
from app.features.sign_in.outside.rules import decides
from app.features.sign_in.rules import (
    COOKIE,
    DEVICE_COOKIE,
    DEVICE_KNOWN,
    HERE_COOKIE,
    HOST_ONLY,
    PHONE_SESSION,
    TOUCH_EVERY,
    SessionKind,
    is_alive,
    is_recent,
)
from app.features.sign_in.tokens import digest

CLEAR_PAGES: Final = '"cache"'
"""Never "storage": that would erase what a phone has not sent yet."""


def require(*permissions: Permission) -> Door:
    """The door of a route for people who have any of ``permissions``."""

    def enter(session: Session, request: Request) -> Actor:
        return _admitted(session, request, permissions)

    return Door(enter, admits=" or ".join(permissions))


def require_recent(*permissions: Permission) -> Door:
    """The same for a sensitive act: who has not typed the password lately is sent to do so, and comes back."""

    def enter(session: Session, request: Request) -> Actor:
        return _recent(_admitted(session, request, permissions))

    return Door(enter, admits=" or ".join(permissions) + ", password typed lately")


def anyone() -> Door:
    """The door of a route that everybody may use, and that greets those who are signed in."""
    return Door(who_is_there, admits="everybody")


def half_in() -> Door:
    """The door of the page for the second factor: whoever has typed the password of an account that wants one.

    It gives ``None`` for those who are wholly in.
    """

    def enter(session: Session, request: Request) -> Actor | None:
        return None if who_is_there(session, request) else _half_in(session, request)

    return Door(enter, admits="whoever has typed the password")


def may_add_factor() -> Door:
    """The door for adding a second factor: a sensitive act of those who are in, and the first one of those who have to.

    Nobody gets round a factor there is by adding another, and nobody adds one by the word of somebody outside alone.
    """

    def enter(session: Session, request: Request) -> Actor:
        if who_is_there(session, request):
            return _minds_factors(session, request)
        actor = _half_in(session, request)
        if factors.number(session, actor.member_id):
            raise FactorNeededError
        _check_own_word(session, actor)
        return actor

    return Door(enter, admits="have_account, password typed lately")


def minds_factors() -> Door:
    """The door for taking a second factor away, and for new codes in its place."""
    return Door(_minds_factors, admits="have_account, password typed lately")


def who_is_there(session: Session, request: Request) -> Actor | None:
    """The person whose living session the request's cookie names, or ``None``."""
    token = key_of(request)
    if not token:
        return None
    now = clock.now()
    rows = session.execute(queries.SESSION, {"token_digest": digest(token), "today": clock.local_day(now)}).all()
    if not rows:
        return None
    actor = _actor(rows)
    first = rows[0]
    if not is_alive(kind=first.kind, created_at=first.created_at, used_at=first.used_at, roles=actor.roles, now=now):
        return None
    if first.way and first.factor_at is None and not first.awaits_factor_since and decides(actor.roles):
        return None  # given a post since: the word of somebody outside opens none, and adds no second step
    if first.awaits_factor_since or (first.factor_at is None and must_have_one(actor.roles, is_demo=actor.is_demo)):
        if now - (first.awaits_factor_since or first.used_at) <= AWAITED_FOR:
            request.state.half_in = actor
        return None
    if now - first.used_at > TOUCH_EVERY:
        _touch(session, request, first.session_id)
    request.state.actor = actor
    return actor


def cookie_name(name: str = COOKIE) -> str:
    """What the cookie ``name`` is called in this installation."""
    return HOST_ONLY + name if settings().https else name


def key_of(request: Request) -> str | None:
    """The key of a session that the browser has sent, whatever it is worth."""
    return request.cookies.get(cookie_name())


def device_of(request: Request) -> str | None:
    """What the browser has sent to be known by; see ``known_devices``."""
    return request.cookies.get(cookie_name(DEVICE_COOKIE))


def site_of(request: Request, purpose: str) -> Site | None:
    """The site for which passkeys are made or used by ``request``; see ``passkeys.site``."""
    https = settings().https or request.url.scheme == "https"
    return site(request.headers.get("host", ""), https=https, token=key_of(request) or "", purpose=purpose)


def let_in(request: Request, response: Response, units: Database, *, token: str, kind: SessionKind) -> None:
    """Give the browser the key of a new session: a phone keeps it for days, a desk until the browser is closed.

    The scripts of pages that open from the phone read who it is. Whoever was signed in here before, perhaps somebody
    else, is signed out and leaves no page behind.
    """
    before = key_of(request)
    with units.write() as session:
        if before:
            service.sign_out(session, token=before)
        device = known_devices.remember(session, opened=token, token=device_of(request))
        holder = session.execute(queries.HOLDER, {"token_digest": digest(token)}).scalar_one()
    if before:
        response.headers["Clear-Site-Data"] = CLEAR_PAGES
    lasts = PHONE_SESSION if kind is SessionKind.PHONE else None
    _give(response, cookie_name(), token, lasts=lasts)
    _give(response, HERE_COOKIE, str(holder), lasts=lasts, scripts_read=True)
    if device:
        _give(response, cookie_name(DEVICE_COOKIE), device, lasts=DEVICE_KNOWN)


def let_out(response: Response) -> None:
    """Take the key back and leave no page behind, nor a sentence that was meant for the next one."""
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="lax", secure=settings().https)
    response.delete_cookie(HERE_COOKIE, path="/")
    response.delete_cookie(MESSAGE_COOKIE, path="/")
    response.headers["Clear-Site-Data"] = CLEAR_PAGES


def note_file(session: Session, request: Request, response: Response) -> None:
    """Note in the audit log which file leaves with ``response``, who takes it and, by its address, whom it is about.

    Called for every answer that is a file, before it leaves.
    """
    actor: Actor | None = getattr(request.state, "actor", None)
    file_name = unquote(response.headers["Content-Disposition"].rsplit("''", 1)[-1])
    taken_by, place = (actor.member_id, actor.branch_id) if actor else (None, None)
    about = audit.Subject(file_name, request.path_params.get("member_id", taken_by), place)
    audit.record(session, taken_by, AuditAction.FILE_TAKEN, about)


def _give(response: Response, name: str, value: str, *, lasts: timedelta | None, scripts_read: bool = False) -> None:
    """Let the browser keep ``value``, for so long or until it is closed; no other site sends it, no script reads it."""
    age, secure = int(lasts.total_seconds()) if lasts else None, settings().https
    response.set_cookie(name, value, max_age=age, path="/", httponly=not scripts_read, samesite="lax", secure=secure)


def _admitted(session: Session, request: Request, permissions: Sequence[Permission]) -> Actor:
    actor = who_is_there(session, request)
    if actor is None:
        _half_in(session, request)
        raise FactorNeededError
    if actor.permissions.isdisjoint(permissions):
        raise ForbiddenError
    return actor


def _recent(actor: Actor) -> Actor:
    if not is_recent(actor.confirmed_at, clock.now()):
        raise ConfirmationNeededError
    return actor


def _minds_factors(session: Session, request: Request) -> Actor:
    actor = _recent(_admitted(session, request, (Permission.HAVE_ACCOUNT,)))
    _check_own_word(session, actor)
    return actor


def _check_own_word(session: Session, actor: Actor) -> None:
    """Let pass whose session a password, a slip or a second step has opened: the others prove nothing of the own.

    Raises:
        OwnWordFirstError: only somebody outside has said who it is.
    """
    if session.execute(queries.BY_WORD_ALONE, {"session": actor.session_id}).first():
        raise OwnWordFirstError


def _half_in(session: Session, request: Request) -> Actor:
    """Who has typed the password, after ``who_is_there`` has looked.

    Raises:
        EndedError: the session was ended from elsewhere.
        NotSignedInError: there is none, or it waited for its second factor too long.
    """
    actor: Actor | None = getattr(request.state, "half_in", None)
    if actor is None:
        raise EndedError if _was_ended(session, request) else NotSignedInError
    return actor


def _was_ended(session: Session, request: Request) -> bool:
    """Whether the session of the request's cookie was ended from elsewhere: who signs out keeps no cookie."""
    values = {"token_digest": digest(key_of(request) or ""), "today": clock.today()}
    return session.execute(queries.ENDED, values).first() is not None


def _actor(rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor:
    first = rows[0]
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Actor(
        member_id=first.member_id,
        name=first.name,
        branch_id=first.branch_id,
        branch_name=first.branch_name,
        group_id=first.group_id,
        roles=roles,
        permissions=permissions_of(roles, first.home),
        session_id=first.session_id,
        confirmed_at=first.confirmed_at,
        is_demo=first.is_demo,
        leads=frozenset(row.organisation_id for row in rows if row.role is Role.COMMITTEE_OFFICER),
    )


def _touch(session: Session, request: Request, session_id: UUID) -> None:
    def touch(writing: Session) -> None:
        writing.execute(queries.TOUCH, {"session": session_id, "used_now": clock.now()})

    write_aside(session, request, touch)

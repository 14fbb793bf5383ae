"""Who comes with a token: the door of every address under ``/api/v1``, and how an answer leaves through it."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, public_pages
from app.core.errors import ForbiddenError, NotSignedInError
from app.core.i18n import lazy_gettext as _
from app.core.pace import Pace
from app.core.routing import Door, write_aside
from app.core.visitors import network_of
from app.features.api import queries, service
from app.features.api.queries import Key
from app.features.api.rules import READS_AN_HOUR, STRANGERS_AN_HOUR, Scope

_pace: Final = Pace()


class NoTokenError(NotSignedInError):
    message = _(
        "This address wants a token that is good: “Authorization: Bearer slt_…”. The system administrator asks for one "
        "on the page of connections."
    )


class OtherScopeError(ForbiddenError):
    message = _("This token opens other things. Ask for one that opens “%(scope)s”.")


def reads(scope: Scope) -> Door:
    """The door of what a token with ``scope`` opens."""

    def enter(session: Session, request: Request) -> Key:
        kind, _space, secret = request.headers.get("authorization", "").partition(" ")
        found = queries.key(session, secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            _pace.count(f"network {network_of(request)}", STRANGERS_AN_HOUR, clock.now())
            raise NoTokenError
        _pace.count(str(found.token_id), READS_AN_HOUR, clock.now())
        if scope not in found.scopes:
            raise OtherScopeError(scope=scope.value)
        return found

    return Door(enter, admits=f"a token for {scope}")


def answer(
    request: Request,
    session: Session,
    key: Key,
    scope: Scope,
    rows: Sequence[dict[str, Any]],
    *,
    limit: int,
    after: Callable[[dict[str, Any]], object],
) -> Response:
    """Some rows and, where there are more, the address of the next ones; 304 for who has the same already.

    ``rows`` are one more than ``limit`` where more follow; ``after`` says of the last row where they begin.
    """
    items, onward = rows[:limit], None
    if len(rows) > limit:
        onward = str(request.url.include_query_params(after=after(items[-1]))).partition(request.url.netloc)[2]
    content = {"items": items, "next": onward}
    write_aside(session, request, lambda s: service.note_read(s, token_id=key.token_id, scope=scope, lines=len(items)))
    text = json.dumps(content, ensure_ascii=False, default=str)
    response = public_pages.answer(request, text.encode(), media_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response

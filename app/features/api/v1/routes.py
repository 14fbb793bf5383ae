"""``/api/v1``: four things to read, and the document that describes exactly them."""

from copy import copy
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from app.core import keyset
from app.core.routing import DbSession, Nobody, Router
from app.features.api.queries import Key
from app.features.api.rules import MOST_ROWS, Scope
from app.features.api.v1 import resources, shapes
from app.features.api.v1.door import answer, reads

PREFIX: Final = "/api/v1"
router = Router()
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="rows of one page")]
After = Annotated[str, Query(max_length=80, description="where the page begins; take it from `next`")]
_REFUSALS: Final = {
    401: "no token, an unknown one, or one that is over",
    403: "a token for something else",
    422: "something in the address cannot be read",
    429: "too often; see Retry-After",
}


def _said(shape: Any) -> dict[str, Any]:
    responses: dict[int, Any] = {code: {"model": shapes.Refusal, "description": why} for code, why in _REFUSALS.items()}
    responses[200] = {"model": shapes.Page[shape]}
    responses[304] = {"description": "as before: the ETag sent as If-None-Match still holds"}
    return {"responses": responses}


@router.get(f"{PREFIX}/branches", **_said(shapes.Branch))
def branches(
    request: Request,
    session: DbSession,
    key: Annotated[Key, reads(Scope.BRANCHES)],
    after: UUID | None = None,
    limit: Limit = 100,
) -> Response:
    """The organisations within reach, by name."""
    rows = resources.branches(session, key.reach_id, after=after, most=limit + 1)
    return answer(request, session, key, Scope.BRANCHES, rows, limit=limit, after=lambda last: last["id"])


@router.get(f"{PREFIX}/members", **_said(shapes.Person))
def members(
    request: Request,
    session: DbSession,
    key: Annotated[Key, reads(Scope.MEMBERS)],
    after: UUID | None = None,
    limit: Limit = 100,
) -> Response:
    """Who belongs to the branches within reach today, by branch and name."""
    rows = resources.members(session, key.reach_id, scopes=key.scopes, after=after, most=limit + 1)
    return answer(request, session, key, Scope.MEMBERS, rows, limit=limit, after=lambda last: last["id"])


@router.get(f"{PREFIX}/facts", **_said(shapes.FactLine))
def facts(
    request: Request,
    session: DbSession,
    key: Annotated[Key, reads(Scope.FACTS)],
    after: Annotated[int, Query(ge=0, lt=2**62, description="the last seq that was read")] = 0,
    limit: Limit = 100,
) -> Response:
    """Facts of the branch, in the order in which they were written. Marks given to people are not among them."""
    rows = resources.facts(session, key.reach_id, after=after, most=limit + 1)
    return answer(request, session, key, Scope.FACTS, rows, limit=limit, after=lambda last: last["seq"])


@router.get(f"{PREFIX}/duties", **_said(shapes.DutyLine))
def duties(
    request: Request,
    session: DbSession,
    key: Annotated[Key, reads(Scope.DUTIES)],
    after: After = "",
    limit: Limit = 100,
) -> Response:
    """The duty list of the branch, by due day."""
    rows = resources.duty_lines(session, key.reach_id, after=after, most=limit + 1)
    return answer(
        request,
        session,
        key,
        Scope.DUTIES,
        rows,
        limit=limit,
        after=lambda last: keyset.end_of(last["due_on"], last["id"]),
    )


@router.get(f"{PREFIX}/openapi.json", include_in_schema=False)
def document(_door: Nobody) -> Response:
    """What can be read here, as OpenAPI says it. It describes addresses, and tells nothing of this installation."""
    return JSONResponse(described())


@cache
def described() -> dict[str, Any]:
    """The document, made of the routes themselves."""
    routes = [copy(route) for route in router.routes if isinstance(route, APIRoute) and route.include_in_schema]
    for route in routes:
        route.methods = {"GET"}  # HEAD is the same operation
    made: dict[str, Any] = get_openapi(
        title="Sanliang", version=version("sanliang"), description=__doc__, routes=routes
    )
    made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"token": []}]
    made["components"]["schemas"] = {
        name: shape for name, shape in made["components"]["schemas"].items() if not name.startswith("HTTPValidation")
    }
    return made

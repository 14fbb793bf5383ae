"""Every route says who may come in."""

import pytest
from fastapi import FastAPI
from fastapi.responses import Response

from app.core.routing import DbSession, Nobody, Router, route_doors


def open_routes(app: FastAPI) -> list[str]:
    """The routes of ``app`` that ask nobody, not even to say that everybody may."""
    return [f"{methods} {path}" for methods, path, door in route_doors(app) if door is None]


def test_every_route_has_a_door(application):
    assert len(list(route_doors(application))) > 1
    assert open_routes(application) == []


def test_addresses_are_lower_case_words(application):
    paths = {path for _methods, path, _door in route_doors(application)}
    odd = [
        path
        for path in paths
        if path != path.lower() or "_" in "".join(part for part in path.split("/") if "{" not in part)
    ]
    assert odd == []


@pytest.fixture
def careless() -> FastAPI:
    router = Router()

    @router.get("/open")
    def said(_: Nobody) -> Response:
        return Response()

    @router.get("/forgotten")
    def forgotten(session: DbSession) -> Response:
        return Response()

    app = FastAPI(openapi_url=None)
    app.include_router(router, prefix="/below")
    app.add_api_route("/plain", lambda: None)
    return app


def test_the_check_can_fail(careless):
    assert open_routes(careless) == ["GET,HEAD /below/forgotten", "GET /plain"]

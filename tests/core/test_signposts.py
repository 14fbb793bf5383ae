"""Each request finds its route by the first word of its address, and what finds none is answered as ever."""

import pytest
from starlette.routing import Match

from app.core import signposts
from app.main import create_app


@pytest.fixture(scope="module")
def house():
    return create_app()


def test_every_route_stands_under_its_first_word_once(house):
    stands = signposts._by_word(house.router.routes)
    assert sorted(map(id, house.router.routes)) == sorted(id(route) for routes in stands.values() for route in routes)
    assert max(map(len, stands.values())) < len(house.router.routes) / 4


def test_the_signpost_leads_where_trying_all_of_them_leads(house):
    """Also where an address of one route could be read as that of another one."""
    stands = signposts._by_word(house.router.routes)

    def first(routes, path, method):
        scope = {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}
        return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)

    for route in house.router.routes:
        values = {name: "2026" if "int" in str(kind) else "x" for name, kind in route.param_convertors.items()}
        path = route.path_format.format(**values)
        for method in route.methods:
            under = stands[path.split("/")[1]]
            assert first(under, path, method) is first(house.router.routes, path, method), path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-of-that-kind", 404),
        ("DELETE", "/sign-in", 405),
        ("GET", "/sign-in/", 307),
        ("HEAD", "/sign-in", 200),
    ],
)
def test_what_finds_no_route_is_answered_as_ever(lenient_client, method, path, status):
    assert lenient_client.request(method, path, follow_redirects=False).status_code == status

"""Every no in the house's look: with a title, a sentence, the way back and the number to ask for."""

import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from app.core import schema
from app.core.i18n import LazyText
from app.core.refusals import TITLES, page_behind
from tests.core.conftest import REFUSALS
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("code", REFUSALS)
def test_a_page_that_says_what_to_do_next(trouble, code):
    response = trouble.get(f"/trouble/refused/{code}", headers=ENGLISH)
    soup = page(response, REFUSALS[code].status)
    assert soup.h1.get_text(strip=True) == TITLES[REFUSALS[code].status].message
    said = REFUSALS[code].message
    assert isinstance(said, LazyText)
    assert said.message in soup.main.get_text()
    assert response.headers["x-request-id"] in soup.main.get_text()
    assert soup.select_one("main a[href='/sign-in']"), "nobody is signed in here, and / would lead there unsaid"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_line_in_the_page_for_htmx(trouble, code):
    response = trouble.post(f"/trouble/refused/{code}", headers=HTMX)
    soup = fragment(response, REFUSALS[code].status)
    assert response.headers["hx-retarget"] == "#message"
    assert soup.select_one("#message[role=alert]").get_text(strip=True) == REFUSALS[code]().sentence


@pytest.mark.parametrize("code", REFUSALS)
def test_json_for_programs(trouble, code):
    response = trouble.post(f"/trouble/refused/{code}", json={})
    assert response.status_code == REFUSALS[code].status
    assert response.json() == {"code": code, "message": REFUSALS[code]().sentence}


@pytest.mark.parametrize("code", ["too_many_requests", "unavailable"])
def test_when_to_come_back(trouble, code):
    assert int(trouble.get(f"/trouble/refused/{code}").headers["retry-after"]) > 0


@pytest.mark.parametrize("address", ["/nowhere", "/approvals/none", "/sheet/next-year"])
def test_who_is_signed_in_finds_the_way_on_from_nowhere(client, alice, address):
    assert page(client.get(address, headers=as_member(alice)), 404).select("nav.tabs a")
    assert not page(client.get(address), 404).select("nav.tabs")


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/trouble/numbers/seven", 404),
        ("GET", "/assets/nothing.js", 404),
        ("GET", "/sign-out", 405),
        ("DELETE", "/sign-in", 405),
        ("GET", "/members?branch=%00", 422),
        ("GET", "/sheet/" + "9" * 5000, 404),
    ],
)
def test_addresses_that_are_none(trouble, method, address, status):
    page(trouble.request(method, address), status)


def test_a_form_that_is_none(trouble):
    for content_type in ("multipart/form-data; boundary=here", "multipart/form-data"):
        response = trouble.post("/trouble/form", content=b"--there\r\nnothing", headers={"Content-Type": content_type})
        page(response, 422)


def test_more_fields_than_any_form_has(trouble):
    page(trouble.post("/trouble/form", data={f"f{number}": "x" for number in range(2_001)}), 422)


def test_a_fault_of_ours_tells_nothing_and_names_its_number(trouble):
    response = trouble.get("/trouble/fault")
    soup = page(response, 500)
    assert "138" not in response.text.replace(response.headers["x-request-id"], "")
    assert response.headers["x-request-id"] in soup.main.get_text()


@pytest.mark.parametrize("headers", [HTMX, JSON], ids=["htmx", "json"])
def test_a_fault_in_a_part_or_for_a_program(trouble, headers):
    response = trouble.post("/trouble/fault", headers=headers)
    assert response.status_code == 500
    if headers is JSON:
        assert response.json()["code"] == "fault"
    else:
        assert fragment(response, 500).select_one("#message[role=alert]")


def test_faults_reach_the_tests(troubled_app):
    from fastapi.testclient import TestClient

    with pytest.raises(RuntimeError):
        TestClient(troubled_app).get("/trouble/fault")


def test_a_statement_the_database_refuses_is_a_fault_of_ours(trouble):
    page(trouble.post("/trouble/broken", data={"name": "沈山"}), 500)


@pytest.mark.parametrize(
    ("method", "referer", "behind"),
    [
        ("GET", "", "/study?month=3"),
        ("POST", "http://testserver/members/1?x=2", "/members/1?x=2"),
        ("POST", "http://testserver", "/"),
        ("POST", "https://evil.example/members", "/"),
        ("POST", "", "/"),
        ("POST", "http://[::1", "/"),
    ],
)
def test_the_page_behind_a_request(method, referer, behind):
    from starlette.requests import Request

    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": "/study",
        "query_string": b"month=3",
        "headers": [(b"host", b"testserver"), (b"referer", referer.encode())],
    }
    assert page_behind(Request(scope)) == behind


@pytest.mark.parametrize(
    ("trouble_there", "status"),
    [
        (ProgrammingError("SELECT", {}, Exception("permission denied for table alembic_version")), 500),
        (DatabaseError("SELECT", {}, sqlite3.DatabaseError("database disk image is malformed")), 500),
        (OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked")), 503),
    ],
    ids=["forbidden", "broken", "busy"],
)
def test_only_what_passes_by_itself_is_said_to_pass(trouble, monkeypatch, trouble_there, status):
    """Which version the tables are of cannot be seen: that alone makes no fault a passing one."""

    def asked(_database):
        raise trouble_there

    monkeypatch.setattr(schema, "is_current", asked)
    assert trouble.get("/trouble/fault").status_code == status

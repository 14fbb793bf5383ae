"""What every answer carries, what no request may do, and what the log says of it."""

import asyncio
import json
import logging
import re

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers

from app.core.logs import JsonLines, WithoutRepetition
from app.core.middleware import MAX_BODY_BYTES, MAX_UPLOAD_BYTES, SECURITY_HEADERS, Shell, is_same_origin
from app.core.settings import Settings
from app.main import create_app
from tests.makers import HTMX, as_member
from tests.page import page

EVERY_KIND = [
    ("GET", "/sign-in", 200),
    ("HEAD", "/sign-in", 200),
    ("GET", "/", 303),
    ("GET", "/nowhere", 404),
    ("GET", "/sign-out", 405),
    ("GET", "/trouble/fault", 500),
    ("GET", "/trouble/refused/unavailable", 503),
    ("GET", "/healthz", 200),
    ("GET", "/manifest.webmanifest", 200),
    ("OPTIONS", "/sign-in", 405),
]


@pytest.mark.parametrize(("method", "address", "status"), EVERY_KIND)
def test_every_answer_carries_the_headers_and_its_number(trouble, method, address, status):
    response = trouble.request(method, address)
    assert response.status_code == status
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name] == value
    assert re.fullmatch(r"[0-9a-f]{12}", response.headers["x-request-id"])


def test_the_policy_allows_nothing_inline_and_nothing_foreign():
    policy = dict(rule.split(" ", 1) for rule in SECURITY_HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"unsafe|http|\*", " ".join(policy.values()))


def test_browsers_are_told_to_stay_on_https_only_where_there_is_https():
    assert "Strict-Transport-Security" in Shell(None, Settings(https=True)).headers
    assert "Strict-Transport-Security" not in Shell(None, Settings()).headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Origin": "http://testserver:8080"},
        {"Sec-Fetch-Site": "", "Origin": "http://[::1"},
        {"Sec-Fetch-Site": "", "Origin": "null", "Host": ""},
        {"Sec-Fetch-Site": "none", "Origin": "https://evil.example"},
    ],
)
def test_writes_from_other_sites_are_refused(trouble, alice, headers):
    response = trouble.post("/sign-out", headers=headers | as_member(alice))
    page(response, 403)
    assert trouble.get("/me/devices", headers=as_member(alice)).status_code == 200
    assert trouble.get("/sign-in", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_writes_from_our_own_pages_pass(trouble, headers):
    assert trouble.post("/sign-out", headers=headers).status_code == 303


def test_what_a_script_sends_says_that_it_comes_from_our_own_pages(trouble):
    by_script = {"Sec-Fetch-Mode": "cors"}
    assert trouble.post("/sign-out", headers={"Sec-Fetch-Site": "none"} | by_script).status_code == 403
    assert trouble.post("/sign-out", headers=by_script).status_code == 303


@pytest.mark.parametrize(("origin", "passes"), [("https://house.example", True), ("http://house.example", False)])
def test_behind_tls_a_write_comes_from_an_encrypted_page(origin, passes):
    headers = Headers({"host": "house.example", "origin": origin})
    assert is_same_origin(headers, https=True) is passes


@pytest.fixture
def named(database):
    """A browser before an installation that has a name of its own."""
    shell = create_app(Settings(public_url="https://house.example:8443/", hosts="old.example, 192.0.2.7"), database)
    return TestClient(shell, follow_redirects=False, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("host", ["house.example", "HOUSE.example:8443", "old.example", "192.0.2.7", "[::1]:8000"])
def test_it_answers_to_its_names_and_those_of_this_machine(named, host):
    assert named.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "house.example.evil", "192.0.2.8", "", "[::1", "ahouse.example"])
def test_by_a_foreign_name_there_is_nothing_to_see_and_nothing_to_do(named, host, alice):
    for answer in (
        named.get("/sign-in", headers={"Host": host}),
        named.post("/sign-in", headers={"Host": host}, data={"login": alice.phone, "password": alice.password}),
    ):
        page(answer, 421)
        assert "set-cookie" not in answer.headers
        assert "evil" not in answer.text
    assert named.get("/healthz", headers={"Host": host}).status_code == 200


def test_an_installation_without_a_name_answers_whoever_comes(trouble):
    assert trouble.get("/sign-in", headers={"Host": "192.168.1.20:8000"}).status_code == 200


def form_of(size):
    return b"f=" + b"x" * (size - 2)


@pytest.mark.parametrize(
    ("content_type", "limit"),
    [
        ("application/x-www-form-urlencoded", MAX_BODY_BYTES),
        ("application/json", MAX_BODY_BYTES),
        ("multipart/form-data; boundary=here", MAX_UPLOAD_BYTES),
    ],
)
def test_a_body_that_says_to_be_too_large_is_not_read(trouble, content_type, limit):
    headers = {"Content-Type": content_type, "Content-Length": str(limit + 1)}
    response = trouble.post("/trouble/form", content=b"f=x", headers=headers)
    assert response.status_code == 413
    assert trouble.post("/trouble/form", content=b"f=x", headers=headers | HTMX).status_code == 413


def test_a_body_that_does_not_say_its_length_is_read_up_to_the_limit(trouble):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    def chunks(size):
        for start in range(0, size, 65_536):
            yield form_of(size)[start : start + 65_536]

    assert trouble.post("/trouble/form", content=chunks(MAX_BODY_BYTES - 10), headers=headers).status_code == 200
    page(trouble.post("/trouble/form", content=chunks(MAX_BODY_BYTES + 10), headers=headers), 413)


def test_a_file_below_the_limit_passes(trouble):
    response = trouble.post("/trouble/form", files={"file": ("roster.xlsx", b"x" * (MAX_BODY_BYTES * 2))})
    assert response.text == "file"


def test_fields_lose_the_sign_no_keyboard_has(client, alice):
    response = client.post("/sign-in", data={"login": f"{alice.phone}\0", "password": alice.password})
    assert response.status_code == 303


@pytest.mark.parametrize(("size", "left"), [(20, 0), (10_000_000, 2)])
def test_a_small_form_is_read_out_before_it_is_refused(named, size, left):
    """Whoever is still sending when the connection closes loses the answer; a large body is not waited for."""
    parts = [{"type": "http.request", "body": b"x" * 10, "more_body": more} for more in (True, False)]
    said = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        said.append(message)

    headers = {"host": "house.example:8443", "origin": "https://evil.example", "content-length": str(size)}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/sign-in",
        "raw_path": b"/sign-in",
        "query_string": b"",
        "client": ("192.0.2.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(named.app(scope, receive, send))
    assert said[0]["status"] == 403
    assert len(parts) == left


@pytest.fixture
def lines(caplog):
    """What the log says, as it is written."""
    caplog.set_level(logging.INFO)
    return lambda: [JsonLines().format(record) for record in caplog.records if record.name.startswith("sanliang")]


def test_one_line_a_request_names_the_route_and_nobody(trouble, alice, lines):
    trouble.post(f"/me/devices/{alice.actor.session_id}/end?who={alice.phone}", headers=as_member(alice))
    (line,) = lines()
    said = json.loads(line)
    assert (said["method"], said["route"], said["status"]) == ("POST", "/me/devices/{session_id}/end", 303)
    assert said["ms"] > 0
    for personal in (alice.phone, alice.token, str(alice.id), str(alice.actor.session_id), "testclient"):
        assert personal not in line


def test_a_fault_is_logged_once_with_its_number_and_without_values(trouble, lines):
    response = trouble.post("/trouble/broken", data={"name": "沈山"})
    fault, access = lines()
    assert json.loads(fault)["request_id"] == json.loads(access)["request_id"] == response.headers["x-request-id"]
    assert "trace" in json.loads(fault)
    assert "沈山" not in fault


@pytest.mark.parametrize("value", ["13800000011", "第一行\n13800000011"])
def test_postgresql_s_details_stay_out_of_the_log(value):
    reason = f"duplicate key\nDETAIL:  Key (phone)=({value}) already exists.\nCONTEXT: x"
    try:
        raise ValueError(reason)
    except ValueError as error:
        told = (ValueError, error, error.__traceback__)
    line = JsonLines().format(logging.getLogger("x").makeRecord("x", 40, "f", 1, "m", (), told))
    assert "13800000011" not in line
    assert "CONTEXT" in line


UNREADABLE = {"minutes": "13800000011", "takeaway": "第一行\n第二行, input_type=第三行"}


def test_what_could_not_be_read_stays_out_of_the_log():
    class Record(BaseModel):
        minutes: int
        takeaway: int

    try:
        Record.model_validate(UNREADABLE)
    except ValidationError as error:
        told = (type(error), error, error.__traceback__)
    line = JsonLines().format(logging.getLogger("x").makeRecord("x", 40, "f", 1, "m", (), told))
    assert not re.search("13800000011|第.行", line)
    assert "int_parsing" in line


def test_the_server_s_repetition_of_a_fault_is_left_out():
    logger = logging.getLogger("uvicorn.error")
    repeated = logger.makeRecord("x", 40, "f", 1, "Exception in ASGI application\n", (), None)
    news = logger.makeRecord("x", 20, "f", 1, "Started server process", (), None)
    assert [WithoutRepetition().filter(record) for record in (repeated, news)] == [False, True]

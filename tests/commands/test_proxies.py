"""Whose address counts, over a real socket: the last one that no proxy of our own has written."""

import http.client
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from app.features.sign_in.models import SignInFailure
from app.features.sign_in.rules import HERE_LIMIT
from app.features.sign_in.tokens import digest
from tests.server import Server

SPOOFED = "203.0.113.9"


@pytest.fixture
def engine_kind():
    return "sqlite"


@pytest.fixture
def furnished(empty_database, tmp_path):
    """A server over a database with tables and nobody in it."""
    with Server(tmp_path, empty_database.url.render_as_string(hide_password=False), is_born=True) as server:
        yield server


@contextmanager
def started(server, **environment):
    server.start(environment={f"SANLIANG_{name}": value for name, value in environment.items()})
    try:
        yield server
    finally:
        server.stop()


def wrong_password(server, *forwarded):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest("POST", "/sign-in")
    body = urlencode({"login": "13800000011", "password": "not this one"}).encode()
    for name, value in [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", str(len(body))),
        *[("X-Forwarded-For", addresses) for addresses in forwarded],
    ]:
        connection.putheader(name, value)
    connection.endheaders(body)
    status = connection.getresponse().status
    connection.close()
    return status


def counted_for(database):
    """The addresses under which something was counted, of those in question."""
    with database.read() as session:
        kept = {failure.address_digest for failure in session.query(SignInFailure)}
    asked = ("127.0.0.1", SPOOFED, "198.51.100.7", "10.1.2.3")
    return {address for address in asked if digest(f"address:{address}") in kept}


def test_without_proxies_nobody_is_believed(furnished, empty_database):
    with started(furnished):
        wrong_password(furnished, SPOOFED)
    assert counted_for(empty_database) == {"127.0.0.1"}


@pytest.mark.parametrize(
    "forwarded",
    [
        (f"{SPOOFED}, 198.51.100.7",),
        (SPOOFED, "198.51.100.7"),
        (f"{SPOOFED}, 198.51.100.7, 10.1.2.3",),
    ],
    ids=["nginx appends", "a line of its own", "two proxies"],
)
def test_the_last_entry_that_is_no_proxy_of_ours_counts(furnished, empty_database, forwarded):
    with started(furnished, TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8"):
        wrong_password(furnished, *forwarded)
    assert counted_for(empty_database) == {"198.51.100.7"}


def test_from_elsewhere_than_a_proxy_nothing_is_believed(furnished, empty_database):
    with started(furnished, TRUSTED_PROXIES="10.0.0.0/8"):
        wrong_password(furnished, SPOOFED)
    assert counted_for(empty_database) == {"127.0.0.1"}


def test_writing_other_addresses_before_one_s_own_wins_no_guesses(furnished):
    with started(furnished, TRUSTED_PROXIES="127.0.0.1"):
        statuses = [wrong_password(furnished, f"203.0.113.{n}, 198.51.100.7") for n in range(HERE_LIMIT.failures + 2)]
    assert statuses == [422] * HERE_LIMIT.failures + [429] * 2


def test_the_old_switch_says_in_one_line_what_to_set(furnished):
    with pytest.raises(AssertionError, match="SANLIANG_TRUSTED_PROXIES"):
        furnished.start(environment={"SANLIANG_TRUST_PROXY": "true"})
    assert len(furnished.log().strip().splitlines()) == 1
    with started(furnished, TRUST_PROXY="true", TRUSTED_PROXIES="127.0.0.1"):
        assert furnished.is_running


@pytest.mark.parametrize(("proxies", "status"), [("", 403), ("127.0.0.1", 403), ("10.0.0.0/8", 502)])
def test_a_gateway_is_believed_where_it_stands_and_not_for_whom_it_speaks(furnished, proxies, status):
    """403: it is believed, and who it names is not known here yet. 502: it is not believed."""
    secret = "k9-rather-long-and-known-to-two-machines"
    told = {"SIGN_IN": "gateway", "GATEWAY_HEADER": "X-Remote-User", "GATEWAY_SECRET": secret}
    with started(furnished, TRUSTED_PROXIES=proxies, **told) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("GET", "/sign-in/with/gateway")
        out = connection.getresponse()
        out.read()
        cookie, back = out.headers["set-cookie"].partition(";")[0], out.headers["location"].partition("/sign-in")[2]
        headers = {
            "Cookie": cookie,
            "X-Remote-User": "ai.li",
            "Sanliang-Gateway": secret,
            "X-Forwarded-For": "10.1.2.3",
        }
        connection.request("GET", f"/sign-in{back}", headers=headers)
        assert connection.getresponse().status == status
        connection.close()
        assert secret not in server.log()
        assert "ai.li" not in server.log()

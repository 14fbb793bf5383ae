"""The files of ``deploy/`` at work: nginx and Caddy with TLS before a real server, as people's browsers meet them."""

import http.client
import os
import ssl
import subprocess
import time
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from app.core.built import DIST_DIR
from app.features.sign_in.models import SignInFailure
from app.features.sign_in.tokens import digest
from tests.commands.test_proxies import SPOOFED
from tests.deployed import NAME, caddy, nginx
from tests.server import Server, _free_port

FROM = "127.0.0.2"
"""Where the visitor sits: beside the proxy, which is at 127.0.0.1."""
SECRET = "a-secret-of-somebody"
OF_A_GATEWAY = "k9-rather-long-and-known-to-two-machines"


@pytest.fixture
def engine_kind():
    return "sqlite"


class House:
    """A server behind a proxy."""

    def __init__(self, server, port, log):
        self.server, self.port, self.log = server, port, log
        self.origin = f"https://{NAME}:{port}"

    def ask(self, method, path, body=b"", **headers):
        """The answer, and what it says."""
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=20, context=context, source_address=(FROM, 0)
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {"Host": f"{NAME}:{self.port}", **named})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def sign_in(self, **headers):
        body = urlencode({"login": "13800000011", "password": "not this one"}).encode()
        return self.ask("POST", "/sign-in", body, Content_Type="application/x-www-form-urlencoded", **headers)[0].status

    def enter_with_headers(self):
        """What comes of saying oneself what only a gateway says."""
        out, _said = self.ask("GET", "/sign-in/with/gateway")
        cookie, back = out.headers["set-cookie"].partition(";")[0], out.headers["location"].removeprefix(self.origin)
        said = {"Cookie": cookie, "X_Remote_User": "ai.li", "Sanliang_Gateway": OF_A_GATEWAY}
        return self.ask("GET", back, **said)[1].decode()


def started_nginx(folder, port, server):
    others = {
        "listen 443": f"listen {port}",
        "listen 80": f"listen {_free_port()}",
        "    listen [::]:443 ssl http2;\n": "",
        "    listen [::]:80;\n": "",
        "127.0.0.1:8000": f"127.0.0.1:{server.port}",
    }
    return [*nginx(folder, others), "-g", "daemon off;"]


def started_caddy(folder, port, server):
    return caddy(
        folder,
        {
            "\tgrace_period": "\tadmin off\n\tauto_https off\n\tgrace_period",
            "\t# tls ": "\ttls ",
            "{$SANLIANG_NAME:sanliang.example.org}": f"https://{NAME}:{port}",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
        },
    )


@pytest.fixture(params=[started_nginx, started_caddy], ids=["nginx", "caddy"])
def house(request, empty_database, tmp_path):
    port = _free_port()
    address = empty_database.url.render_as_string(hide_password=False)
    with Server(tmp_path / "data", address, is_born=True) as server:
        server.folder.mkdir()
        words = request.param(tmp_path, port, server)
        told = {"PUBLIC_URL": f"https://{NAME}:{port}", "HTTPS": "true", "TRUSTED_PROXIES": "127.0.0.1"}
        told |= {"SIGN_IN": "gateway", "GATEWAY_HEADER": "X-Remote-User", "GATEWAY_SECRET": OF_A_GATEWAY}
        server.start(environment={f"SANLIANG_{name}": value for name, value in told.items()})
        with (tmp_path / "log" / "said.log").open("wb") as log:
            around = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
            proxy = subprocess.Popen(words, cwd=tmp_path, stdout=log, stderr=log, env=around)
        found = House(server, port, tmp_path / "log")
        try:
            deadline = time.monotonic() + 30
            while True:
                with suppress(OSError):
                    if found.ask("GET", "/healthz")[0].status == 200:
                        break
                if proxy.poll() is not None or time.monotonic() > deadline:
                    pytest.fail((tmp_path / "log" / "said.log").read_text("utf-8"))
                time.sleep(0.05)
            yield found
        finally:
            proxy.terminate()
            proxy.wait(20)


def test_what_people_need_of_a_proxy(house, empty_database):
    assert house.sign_in(Origin=house.origin) == 422  # a browser before 2023: it says where the form was, no more
    assert house.sign_in(Origin="https://elsewhere.example") == 403
    assert house.sign_in(Origin=house.origin, X_Forwarded_For=SPOOFED) == 422
    with empty_database.read() as session:
        counted = {failure.address_digest for failure in session.query(SignInFailure)}
    assert digest(f"address:{FROM}") in counted
    assert not {digest(f"address:{other}") for other in (SPOOFED, "127.0.0.1")} & counted
    assert "连不上" in house.enter_with_headers()  # the secret is right, and a visitor's own word
    script = next(path for path in (DIST_DIR).iterdir() if path.suffix == ".js")
    for _ in range(2):
        answer, _text = house.ask("GET", f"/assets/{script.name}", Accept_Encoding="br")
        assert (answer.status, answer.headers["content-encoding"]) == (200, "br")
        assert "immutable" in answer.headers["cache-control"]
    answer, _text = house.ask("GET", "/sign-in")
    assert answer.headers["strict-transport-security"]
    assert answer.headers["server"] in (None, "nginx", "Caddy")  # no version
    for address in (f"/p/{SECRET}", f"/w/{SECRET}", f"/calendar/{SECRET}", f"/sign-in?next={SECRET}"):
        house.ask("GET", address)
    house.server.stop()
    answer, said = house.ask("GET", "/sign-in")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "马上回来" in said.decode()
    house.ask("GET", f"/w/{SECRET}")
    written = b"".join(file.read_bytes() for file in house.log.iterdir())
    for kept in (b"/sign-in", b'/p/"', b'/w/"', b'/calendar/"'):  # that somebody was there, without the secret
        assert kept in written
    assert SECRET.encode() not in written


@pytest.mark.parametrize("house", [started_nginx], ids=["nginx"], indirect=True)  # Caddy counts what arrives
def test_a_body_that_is_too_large_is_refused_before_it_comes(house):
    for path, size in (("/roster", 21 * 1024 * 1024), ("/sync", 2 * 1024 * 1024)):
        answer, _said = house.ask("POST", path, b"", Content_Length=str(size), Origin=house.origin)
        assert answer.status == 413

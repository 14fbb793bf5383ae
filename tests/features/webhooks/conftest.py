import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.core.settings import Settings
from app.features.members.rules import Role
from app.features.webhooks import sending, service
from tests.makers import make_member


class Receiver(HTTPServer):
    """Another system, on this machine: it keeps what it is told and answers as it is bid."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told, self.answers = [], 204
        self.url = f"http://127.0.0.1:{self.server_port}/told?from=sanliang"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.told.append((self.path, self.headers, body))
        self.send_response(self.server.answers)
        if self.server.answers == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def receiver():
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def dribbler():
    """``dribbler(words)`` is the address of one that says them again and again, and comes to no end."""
    over, lines = threading.Event(), []

    def dribble(line, words):
        said, _who = line.accept()
        with said:
            try:
                while not over.wait(0.02):
                    said.sendall(words)
            except OSError:
                pass

    def start(words):
        line = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=dribble, args=(line, words), daemon=True)
        thread.start()
        lines.append((line, thread))
        return f"http://127.0.0.1:{line.getsockname()[1]}/"

    yield start
    over.set()
    for line, thread in lines:
        thread.join(10)
        line.close()


@pytest.fixture
def allowed(monkeypatch):
    """Whoever looks after the server has allowed this machine."""
    for module in (sending, service):
        monkeypatch.setattr(module, "settings", lambda: Settings(webhook_networks=("127.0.0.1/32",)))


@pytest.fixture
def sylvia(given, branch, committee):
    return given(make_member, branch, "习文", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)


@pytest.fixture
def content():
    return lambda told: json.loads(told[2])

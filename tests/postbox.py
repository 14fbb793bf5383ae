"""A mail server as simple as one can be."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer


class Postbox(ThreadingTCPServer):
    """What it was given stands in ``letters``; whoever is called nobody has no box here."""

    daemon_threads = True
    letters: list[EmailMessage]

    @property
    def address(self) -> str:
        """As ``SANLIANG_MAIL_SERVER`` has it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Counter(StreamRequestHandler):
    server: Postbox

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self.say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(message_from_bytes(letter, policy=policy.default))
            refused = line.startswith(b"RCPT") and b"NOBODY" in line
            self.say("221 bye" if line == b"QUIT" else "550 not here" if refused else "250 yes")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def postbox() -> Iterator[Postbox]:
    with Postbox(("127.0.0.1", 0), _Counter) as server:
        server.letters = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()

"""Servers that die: the real program on the test's database, killed (SIGKILL: no cleaning up) at some moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx2
import pytest
from sqlalchemy.orm import Session, SessionTransaction

from app.core.db import Database
from tests.house.sources import PROJECT_DIR

STARTS_WITHIN = 120  # seconds: it is a limit, no wait


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_the_end(_session: Session, transaction: SessionTransaction) -> None:
    """Die once the whole unit of work is committed; a savepoint is not the end."""
    if transaction.parent is None:
        die()


@contextmanager
def server(database: Database, module: str, moment: str) -> Iterator[httpx2.Client]:
    """A server of its own, ``python -m module PORT MOMENT``, on the test's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(port), moment],
        cwd=PROJECT_DIR,
        env={"SANLIANG_DATABASE_URL": address, "SANLIANG_DATA_DIR": str(PROJECT_DIR / "var"), "PATH": ""},
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            _wait_for(client)
            yield client
    finally:
        process.kill()
        process.wait()


def _wait_for(client: httpx2.Client) -> None:
    """Until the server answers."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        with suppress(httpx2.TransportError):
            client.get("/healthz")
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")

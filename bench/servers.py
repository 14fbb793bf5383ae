"""The product and the pages by hand as processes of their own, with as many workers as wanted."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SANLIANG: Final = str(Path(sys.executable).with_name("sanliang"))
PRODUCT: Final = (SANLIANG, "serve")
BY_HAND: Final = (sys.executable, "-m", "uvicorn", "bench.by_hand:create_app", "--factory", "--no-access-log")
START_SECONDS: Final = 60


@contextmanager
def serving(command: Sequence[str], url: str, folder: Path, *, workers: int) -> Iterator[tuple[int, int]]:
    """Serve the database ``url``; gives the port and the process."""
    port = _free_port()
    environment = os.environ | {
        "SANLIANG_DATABASE_URL": url,
        "SANLIANG_DATA_DIR": str(folder),
        "SANLIANG_PORT": str(port),
        "SANLIANG_SWEEP": "false",  # nothing else is measured
    }
    with (folder / "served.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--workers", str(workers)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_it_answers(process, port, folder)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError((folder / "served.log").read_text("utf-8", errors="replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

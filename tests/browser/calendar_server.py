"""The application on a port of its own, in a thread of the tests, where ``time_machine`` moves its clock."""

import socket
import threading
import time
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo

import time_machine
import uvicorn
from playwright.sync_api import BrowserContext

from app.core.db import Database
from app.main import create_app

START_SECONDS: Final = 60
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class CalendarServer:
    """Serves the database at ``database_url`` in whatever season it is moved to; phones can be moved along with it.

    Its address stays the same across restarts.
    """

    def __init__(self, database_url: str, moment: datetime) -> None:
        self.database = Database(database_url)
        self._traveller = time_machine.travel(moment, tick=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self.url: Final = f"http://127.0.0.1:{self._port}"
        self._phones: list[BrowserContext] = []
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._clock = self._traveller.start()
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _raised: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()
        self._traveller.stop()
        self.database.close()

    def start(self) -> None:
        """Serve, and return when it listens.

        Raises:
            AssertionError: it does not.
        """
        config = uvicorn.Config(
            create_app(database=self.database),
            port=self._port,
            log_config=None,
            timeout_graceful_shutdown=1,  # a phone that has left a request open does not hold it up
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="calendar server", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server does not listen"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, as somebody who pulls the plug of the network would see it."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
        self._server = self._thread = None

    def carry(self, phone: BrowserContext) -> None:
        """Let the clock of the pages on ``phone`` go with the server's; that of its worker cannot be moved."""
        self._phones.append(phone)
        phone.clock.set_fixed_time(datetime.now(SHANGHAI))

    def move_to(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Let it be that hour in Shanghai, everywhere."""
        moment = datetime(year, month, day, hour, tzinfo=SHANGHAI)
        self._clock.move_to(moment)
        for phone in self._phones:
            phone.clock.set_fixed_time(moment)

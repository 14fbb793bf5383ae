"""A phone whose app can be killed: a Chromium with a profile of its own on the disk."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests.browser.chromium import PHONE, launch_options
from tests.browser.helpers import PATIENCE_MS

GONE_SECONDS: Final = 30


class KeptPhone:
    """What is on it outlives its browser."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright, self._folder = playwright, folder
        self._context: BrowserContext | None = None

    @property
    def context(self) -> BrowserContext:
        """The browser that is open now."""
        assert self._context, "the phone is off"
        return self._context

    def open(self, url: str) -> Page:
        """Start the browser on what the last one has left; ``url`` is where the app lives."""
        options: dict[str, Any] = launch_options() | PHONE | {"base_url": url}
        self._context = self._playwright.chromium.launch_persistent_context(self._folder, **options)
        self._context.set_default_timeout(PATIENCE_MS)
        return self._context.pages[0]

    def close(self) -> None:
        """Close the browser as one does."""
        if self._context:
            with suppress(Error):
                self._context.close()
            self._context = None

    def kill(self) -> None:
        """End the browser as an empty battery would: nothing is flushed, nobody is told.

        Raises:
            AssertionError: there is none, or it lives on.
        """
        processes = self._processes()
        assert processes, "no browser has this profile open"
        for process in processes:
            os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + GONE_SECONDS
        while any(Path(f"/proc/{process}").exists() and _is_alive(process) for process in processes):
            assert time.monotonic() < deadline, "the browser lives on"
            time.sleep(0.01)
        self.close()

    def _processes(self) -> list[int]:
        """The browser process that owns the profile; those it has started die with it."""
        flag = f"--user-data-dir={self._folder}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if not folder.name.isdecimal():
                    continue
                arguments = (folder / "cmdline").read_bytes().split(b"\0")
                if flag in arguments and not any(argument.startswith(b"--type=") for argument in arguments):
                    found.append(int(folder.name))
        return found


def _is_alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False

"""Phones on a bad network against a server that is killed again and again: nothing lost, nothing twice.

``python -m bench.soak [--seconds 180] [--engine sqlite|postgres] [--seed N]`` prints one line and ends with 1 if
anything was violated. Eight phones, 200 items each, two tabs that send at the same time, clocks wrong by up to three
days; answers cut after the commit, connections reset, requests repeated, orders shuffled. Loopback only.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from bench.installation import ENGINES, Installation, installation
from bench.phones import Phone
from bench.proof import violations
from bench.proxy import Fault, Proxy

PHONES: Final = 8
ITEMS: Final = 200
STORM: Final = 0.7
"""Share of the time in which there are faults; in the rest the phones get rid of what they still have."""
KILLS_EVERY: Final = (3.0, 8.0)
"""Seconds between a server that answers and its death."""
DOWN: Final = (0.0, 1.5)
"""Seconds until it is started again."""


def main() -> None:
    """Run, check, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--seed", type=int, default=None, help="of the faults; their timing stays that of the machine")
    options = parser.parse_args()
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="sanliang-soak-") as folder,
        installation(Path(folder), options.engine, members=PHONES) as here,
    ):
        soak = Soak(here, random.Random(options.seed), options.seconds)
        soak.run()
        found = violations(here, soak.phones)
    for violation in found[:20]:
        print(violation)
    print(soak.summary(), f"{len(found)} violations, {time.monotonic() - began:.0f} s on {options.engine}")
    sys.exit(bool(found))


class Soak:
    """One run: phones, a proxy between them and the server, and somebody who kills the server."""

    def __init__(self, here: Installation, dice: random.Random, seconds: float) -> None:
        """Prepare a run of about ``seconds``; nothing has started."""
        self.kills = 0
        self._here = here
        self._dice = dice
        self._seconds = seconds
        self._restarting = threading.Lock()
        self._over = threading.Event()
        self._proxy = Proxy(here.server.port, dice, self._kill)
        self.phones = [Phone(member, self._proxy.port, random.Random(dice.random())) for member in here.members]

    def run(self) -> None:
        """The storm, then calm until every queue is empty or the time is over."""
        self._here.server.start()
        storm_ends = time.monotonic() + self._seconds * STORM
        ends = time.monotonic() + self._seconds
        threads = [threading.Thread(target=self._wish_for_kills, args=(storm_ends,))]
        for phone in self.phones:
            threads.append(threading.Thread(target=self._capture, args=(phone, storm_ends)))
            threads += [threading.Thread(target=self._send, args=(phone, ends)) for _tab in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self._restarting:  # it answers by now
            if not any(phone.waiting for phone in self.phones):
                for phone in self.phones:
                    phone.send_everything_again()
            self._proxy.close()

    def summary(self) -> str:
        """What happened, in one line."""
        items = sum(len(phone.acts) for phone in self.phones)
        requests = sum(sum(phone.answers.values()) for phone in self.phones)
        unanswered = sum(phone.answers["none"] for phone in self.phones)
        repeated = self._proxy.faults[Fault.TWICE]
        return (
            f"soak: {len(self.phones)} phones, {items} items, {requests} requests, {unanswered} without an answer, "
            f"{self._proxy.faults[Fault.CUT_ANSWER]} cut after the commit, {repeated} repeated, "
            f"{self.kills} kills of the server:"
        )

    def _capture(self, phone: Phone, storm_ends: float) -> None:
        """``ITEMS`` items, spread over the storm."""
        pause = (storm_ends - time.monotonic()) / ITEMS
        for _number in range(ITEMS):
            phone.capture()
            time.sleep(pause * phone.dice.uniform(0.2, 1.4))
        phone.captured_all.set()

    def _send(self, phone: Phone, ends: float) -> None:
        while time.monotonic() < ends and not (phone.captured_all.is_set() and not phone.waiting):
            phone.send()
            time.sleep(phone.dice.uniform(0.02, 0.3))

    def _wish_for_kills(self, storm_ends: float) -> None:
        while (left := storm_ends - time.monotonic()) > 0:
            time.sleep(min(left, self._dice.uniform(*KILLS_EVERY)))
            with self._restarting:  # it answers by now
                self._proxy.kill_wanted.set()
        self._proxy.kill_wanted.clear()
        self._proxy.calm.set()

    def _kill(self) -> None:
        """End the server as a power cut would, in the middle of what it does; it comes back by itself."""
        if not self._restarting.acquire(blocking=False):
            return
        self._here.server.kill()
        self.kills += 1
        threading.Thread(target=self._start_again).start()

    def _start_again(self) -> None:
        try:
            time.sleep(self._dice.uniform(*DOWN))
            self._here.server.start()
        finally:
            self._restarting.release()


if __name__ == "__main__":
    main()

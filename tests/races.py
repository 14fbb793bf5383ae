"""Several threads that do the same thing at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")

WAIT_SECONDS = 60
"""After this a race is a deadlock, and the test fails."""


def race(count: int, act: Callable[[int], Result]) -> list[Result | Exception]:
    """What ``act(0)`` … ``act(count - 1)`` returned or raised, started together behind one barrier."""
    barrier = Barrier(count)

    def start(number: int) -> Result | Exception:
        barrier.wait(WAIT_SECONDS)
        try:
            return act(number)
        except Exception as refusal:  # noqa: BLE001 (the caller looks at what each racer got)
            return refusal

    with ThreadPoolExecutor(count) as threads:
        return [future.result(WAIT_SECONDS) for future in [threads.submit(start, number) for number in range(count)]]

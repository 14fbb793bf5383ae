"""After a run: how many tests ran on each database and in the browser, and how long they took."""

from collections import defaultdict

import pytest

KINDS = ("sqlite", "postgres")


class Durations:
    """Adds up the time of tests by what they run on; with several processes that is more than the clock shows."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._tests: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        kind = _kind(report)
        self._seconds[kind] += report.duration
        self._tests[kind].add(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for kind in sorted(self._seconds):
            terminalreporter.write_line(
                f"{kind}: {len(self._tests[kind])} tests, {self._seconds[kind]:.1f} s of their own time"
            )


def _kind(report: pytest.TestReport) -> str:
    if "browser" in report.keywords:
        return "browser"
    parameters = report.nodeid.partition("[")[2].rstrip("]").split("-")
    return next((kind for kind in KINDS if kind in parameters), "no database")

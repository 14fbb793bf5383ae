"""``python -m tests.commands.sweeping``: a sweep of which one step says that it began, and waits for a word."""

import sys

from app import cli, sweep
from app.core.i18n import lazy_gettext
from app.features.stream import SweepStep


def _wait(_database: object, _now: object) -> int:
    sys.stdout.write("began\n")
    sys.stdout.flush()
    sys.stdin.readline()
    return 1


if __name__ == "__main__":
    sweep.STEPS = (SweepStep(lazy_gettext("Reminders given: %(number)s."), _wait),)  # type: ignore[misc]
    sys.argv = ["sanliang", "sweep", "--yes-the-clock-is-right"]
    cli.main()

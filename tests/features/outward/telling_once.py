"""A process that tells: ``python -m tests.features.outward.telling_once NOW [MOMENT]``; it dies at MOMENT, if any.

``before`` it carries its second notice, ``after`` it was carried and before that is written down.
"""

import sys
from datetime import datetime
from typing import Any

import time_machine

from app.core.db import Database
from app.core.settings import settings
from app.features.outward import sending, telling
from tests.doomed import die


def main(now: str, moment: str = "") -> None:
    carry, carried = sending._Process.carry, []

    def carry_or_die(self: Any, order: sending.Order, patience: float) -> Any:
        carried.append(order)
        if moment == "before" and len(carried) == 2:
            die()
        verdict = carry(self, order, patience)
        if moment == "after" and len(carried) == 2:
            die()
        return verdict

    sending._Process.carry = carry_or_die  # type: ignore[method-assign]
    database = Database(settings().resolved_database_url)
    with time_machine.travel(datetime.fromisoformat(now)):
        sys.stdout.write(f"{telling.tell(database)}\n")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

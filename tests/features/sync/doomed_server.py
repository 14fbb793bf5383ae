"""The real server, which is killed (SIGKILL: no cleaning up) while it takes in an item titled ``FATAL``.

Run as ``python -m tests.features.sync.doomed_server PORT MOMENT``; MOMENT is ``before_commit`` (every row of the batch
is written and nothing is committed), ``after_commit`` (nothing is answered) or ``never``.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import uvicorn
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.features.streams import announce
from app.features.sync.items import Item
from app.features.sync.kinds import KINDS
from app.features.sync.rules import SyncOutcome
from app.main import create_app
from tests.doomed import die, die_at_the_end

FATAL = "到此为止"


def make_doomed(moment: str) -> None:
    """Let the study stream bring the server's death at ``moment``."""
    announce()
    kind = KINDS["study.record"]

    def take(session: Session, items: Sequence[Item[Any]]) -> Mapping[UUID, SyncOutcome]:
        outcomes = kind.take(session, items)
        session.flush()
        if any(item.payload.title == FATAL for item in items):
            if moment == "before_commit":
                die()
            event.listen(session, "after_transaction_end", die_at_the_end)
        return outcomes

    KINDS["study.record"] = replace(kind, take=take)


if __name__ == "__main__":
    port, moment = int(sys.argv[1]), sys.argv[2]
    if moment != "never":
        make_doomed(moment)
    uvicorn.run(create_app(), port=port, log_level="error")

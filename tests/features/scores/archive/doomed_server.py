"""The real server on 20 January 2027, two people a portion, killed in the second portion of an archive.

Run as ``python -m tests.features.scores.archive.doomed_server PORT MOMENT``; MOMENT is ``halfway`` (the years of these
people take no facts any more, their sheets are not written), ``after_commit`` (nothing is answered) or ``never``.
"""

import sys
from collections.abc import Collection, Mapping
from uuid import UUID

import uvicorn
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.features.ledger import closings
from app.features.scores.archive import queries
from app.main import create_app
from tests.doomed import die, die_at_the_end
from tests.features.scores.archive.makers import noon


def make_doomed(moment: str) -> None:
    """Let the second portion bring the server's death at ``moment``."""
    whole, portions = closings.close, []

    def close(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, int]:
        versions = whole(session, member_ids, year)
        portions.append(member_ids)
        if len(portions) == 2 and moment == "halfway":
            die()
        elif len(portions) == 2:
            event.listen(session, "after_transaction_end", die_at_the_end)
        return versions

    closings.close = close


if __name__ == "__main__":
    port, moment = int(sys.argv[1]), sys.argv[2]
    vars(queries)["AT_ONCE"] = 2
    if moment != "never":
        make_doomed(moment)
    with noon(2027, 1, 20):
        uvicorn.run(create_app(), port=port, log_level="error")

"""A draw laid open: what it was drawn from, by which seed, what came out, and how anybody computes it again."""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from app.core.i18n import gettext as _
from app.features.study.quiz.happened import Pool
from app.features.study.quiz.models import Quiz, QuizAttempt
from app.features.study.quiz.rules import drawn
from app.features.study.quiz.sets import seed_of


class Draw(NamedTuple):
    """One draw with all that is needed to compute it again."""

    called: str
    seed: str
    ids: Sequence[str]
    take: int
    mine: Collection[str] = ()
    """Those that are about the one who looks."""
    made_of: str = ""
    """What the seed is the SHA-256 of, where it follows from another one."""

    @property
    def drawn(self) -> Sequence[str]:
        """What it drew, in its order."""
        return drawn(self.seed, self.ids, self.take)

    @property
    def command(self) -> str:
        """How the same is asked of ``sanliang try``."""
        case = json.dumps([{"seed": self.seed, "ids": list(self.ids), "take": self.take}])
        return f"sanliang try draw <<'END'\n{case}\nEND"


def promise_of(seed: str) -> str:
    """What is shown of a seed before it is: its SHA-256."""
    return hashlib.sha256(seed.encode()).hexdigest()


def of_attempts(of: Quiz, attempts: Sequence[QuizAttempt], pools: Sequence[Pool]) -> Iterator[Draw]:
    """The draws of somebody's attempts, each from the newest pool by then that gives its questions."""
    for attempt in attempts:
        seed = seed_of(of.seed, attempt.member_id, attempt.number)
        for pool in (one.ids for one in reversed(pools) if one.since <= attempt.corrected_at):
            take = min(of.take or len(pool), len(pool))
            if set(drawn(seed, pool, take)) == attempt.answers.keys():
                called = _("Attempt %(number)s") % {"number": attempt.number}
                made_of = f"{of.seed}:{attempt.member_id}:{attempt.number}"
                yield Draw(called, seed, pool, take, frozenset(attempt.answers), made_of)
                break

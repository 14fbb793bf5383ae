"""Which branch a row means."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from app.features.imports.rows import Problem
from app.features.roster.rules import ExistingBranch, ProblemCode
from app.features.roster.sheet.values import same_text

_COURTESY: Final = re.compile(r"^(?:中共|中国共产党)|(?<=支部)委员会$|党(?=支部)")


class BranchNames:
    """The branches in reach, found under the name a file writes."""

    def __init__(self, branches: Iterable[ExistingBranch], *, home: str, create: bool) -> None:
        """``home`` is the branch of rows that name none; ``create`` lets unknown names pass as new branches."""
        self._home = home
        self._create = create
        self._known: dict[str, list[str]] = defaultdict(list)
        self._loosely: dict[str, list[str]] = defaultdict(list)
        self._new: dict[str, str] = {}
        for branch in branches:
            self._known[same_text(branch.name)].append(branch.name)
            self._loosely[_loosely(branch.name)].append(branch.name)

    def find(self, written: str) -> str | Problem:
        """The name as it is known, or the problem with it. A new branch has the name of its first row.

        ``办公室支部`` and ``中共办公室党支部委员会`` mean ``办公室党支部`` where only one branch fits.
        """
        if not written and self._home:
            return self._home
        if not written:
            return Problem(ProblemCode.MISSING_BRANCH)
        known = self._known.get(same_text(written)) or self._loosely.get(_loosely(written), [])
        if len(known) == 1:
            return known[0]
        if known:
            return Problem(ProblemCode.AMBIGUOUS_BRANCH, {"branch": written})
        if self._create:
            return self._new.setdefault(_loosely(written), written)
        return Problem(ProblemCode.UNKNOWN_BRANCH, {"branch": written})


def _loosely(name: str) -> str:
    return _COURTESY.sub("", same_text(name))

"""How what came in is shown: words without their owner, and floods folded. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.features.wishes.public.rules import SHOWN_OF_ONE_NETWORK
from app.features.wishes.rules import TITLE_LENGTH

ROWS_ON_A_PAGE: Final = 20
COVER: Final = "〔…〕"
_NUMBER: Final = re.compile(r"\+?[0-9０-９][0-9０-９ \-－]{5,20}[0-9０-９xX]")
_SENTENCE_END: Final = re.compile(r"[。！？!?;；\n,，]")


def without_owner(text: str, *, name: str) -> str:
    """``text`` with the wisher's name and every long number covered: members read it, and need neither."""
    covered = _NUMBER.sub(COVER, text)
    return covered.replace(name, COVER) if len(name) > 1 else covered


def title_from(text: str) -> str:
    """A title to begin with: the first clause, as far as a title goes."""
    first = next((part.strip() for part in _SENTENCE_END.split(text) if part.strip()), text.strip())
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A submission that waits, without what it says."""

    id: UUID
    community_id: UUID
    network: str | None
    """A digest; ``None`` once it is forgotten."""
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Folded:
    """One line of the queue: a submission, and how many more of the same network are folded under it."""

    arrived: Arrived
    more: int


def folded(queue: Iterable[Arrived]) -> Iterator[Folded]:
    """The queue with at most ``SHOWN_OF_ONE_NETWORK`` lines of each network; the last of them says how many follow.

    A flood from one place takes three lines, and what others sent stays in sight.
    """
    waiting = list(queue)
    of_network: Counter[tuple[UUID, str | None]] = Counter(
        (one.community_id, one.network) for one in waiting if one.network
    )
    shown: Counter[tuple[UUID, str | None]] = Counter()
    for one in waiting:
        key = (one.community_id, one.network)
        shown[key] += 1
        if one.network is None or shown[key] < SHOWN_OF_ONE_NETWORK:
            yield Folded(one, 0)
        elif shown[key] == SHOWN_OF_ONE_NETWORK:
            yield Folded(one, of_network[key] - SHOWN_OF_ONE_NETWORK)


def only(queue: Iterable[Arrived], submission_id: UUID) -> list[Folded]:
    """The one line of this submission, while it waits."""
    return [Folded(one, 0) for one in queue if one.id == submission_id]


def only_network(queue: Sequence[Arrived], submission_id: UUID) -> list[Folded]:
    """Every line of the network that this submission came from."""
    places = {(one.community_id, one.network) for one in queue if one.id == submission_id}
    return [
        Folded(one, 0)
        for one in queue
        if one.id == submission_id or (one.network is not None and (one.community_id, one.network) in places)
    ]


def page_of(lines: Sequence[Folded], number: int) -> tuple[Sequence[Folded], int]:
    """The lines of page ``number`` (from 1; the last one where there are fewer), and how many pages there are."""
    last = max(1, -(-len(lines) // ROWS_ON_A_PAGE))
    first = (min(number, last) - 1) * ROWS_ON_A_PAGE
    return lines[first : first + ROWS_ON_A_PAGE], last

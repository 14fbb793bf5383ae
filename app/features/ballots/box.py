"""The box of an open ballot: ballots that are out, and marks that are in, sealed as one text of one length.

Nobody who reads the database, its log, its dead rows or a backup sees more than that the text is another one.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.sealing import BrokenSealError, KeyMissingError, sealer
from app.features.ballots.models import BallotBox
from app.features.ballots.rules import Grade

_ROOM: Final = 256
"""Signs for each person: a digest, and twice four numbers beside an id. More are never needed."""
_GRADES: Final = list(Grade)


@dataclass(slots=True)
class Box:
    """What lies in it. Neither says whose it is."""

    room: int
    """Signs that the text is filled up to."""
    out: list[str]
    """Digests of ballots that were handed out and are not back, in the order of the digests."""
    cast: int
    marks: dict[str, list[int]]
    """By phone: of each person, how many of each grade, best first."""
    paper: dict[str, list[int]]
    """The same as two officers counted it."""
    back: list[str] = field(default_factory=list)
    """Digests of ballots that came back, so that one sent again is known from one that never came; no marks stand
    with them."""

    def hand_out(self, token: str) -> None:
        """A ballot is out."""
        self.out = sorted([*self.out, _digest(token)])

    def is_out(self, token: str) -> bool:
        """Whether the ballot with this token is out."""
        return _digest(token) in self.out

    def is_back(self, token: str) -> bool:
        """Whether the ballot with this token came back."""
        return _digest(token) in self.back

    def put_in(self, token: str, marks: Mapping[UUID, Grade]) -> None:
        """The ballot is back, with its marks."""
        self.out.remove(_digest(token))
        self.back = sorted([*self.back, _digest(token)])
        self.cast += 1
        for member_id, grade in marks.items():
            self.marks[str(member_id)][_GRADES.index(grade)] += 1

    def of(self, member_id: UUID) -> list[int]:
        """All marks of a person."""
        name = str(member_id)
        return [phone + paper for phone, paper in zip(self.marks[name], self.paper[name], strict=True)]


def new_token() -> str:
    """A ballot's token: chance alone."""
    return secrets.token_urlsafe(24)


def make(session: Session, review_id: UUID, *, subjects: Collection[UUID], people: int) -> None:
    """An empty box. ``KeyMissingError``: the server does not find its key, so nobody can vote by phone or paper."""
    names = [str(one) for one in sorted(subjects)]
    box = Box(_ROOM * (people + 1), [], 0, {name: [0] * 4 for name in names}, {name: [0] * 4 for name in names})
    session.add(BallotBox(review_id=review_id, **_sealed(review_id, box)))
    session.flush()


def opened(session: Session, review_id: UUID) -> Box:
    """The box, of a review that is held by the one who asks if it is to be changed."""
    row = session.get_one(BallotBox, review_id, populate_existing=True)
    return Box(**json.loads(sealer().open(row.sealed, belongs_to=review_id)))


def still_out(session: Session, review_id: UUID) -> int | None:
    """How many ballots by phone are out, of a ballot that is open; ``None`` where the box cannot be opened."""
    try:
        return len(opened(session, review_id).out)
    except (KeyMissingError, BrokenSealError):
        return None


def keep(session: Session, review_id: UUID, box: Box) -> None:
    """Seal it anew."""
    row = session.get_one(BallotBox, review_id)
    for name, value in _sealed(review_id, box).items():
        setattr(row, name, value)
    session.flush()


def _sealed(review_id: UUID, box: Box) -> dict[str, str]:
    sealed = sealer().seal(json.dumps(asdict(box)).ljust(box.room), belongs_to=review_id)
    return {"sealed": sealed.text, "key_id": sealed.key_id}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

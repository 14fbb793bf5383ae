"""Anchors: where chains end, to be printed, signed and sent where the owner of the database does not write.

``sanliang ledger verify --against`` finds each of them again, or says what is another now (docs/decisions/0027).
"""

from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.chain import EMPTY, Head
from app.features.ledger import queries


def head_of(session: Session, branch_id: UUID) -> Head:
    """Where the branch's chain ends: ``short`` is printed, ``whole`` is stored. ``EMPTY`` before its first fact."""
    return queries.heads(session, branch_id).get(branch_id, EMPTY)


def heads(session: Session) -> dict[UUID, Head]:
    """Where the chain of each branch ends that has a fact."""
    return {branch_id: head for branch_id, head in queries.heads(session).items() if head.seq}


def digest(heads: Mapping[UUID, Head] | Mapping[str, Head]) -> str:
    """All of ``heads`` as one number, 64 hexadecimal digits: SHA-256 of a line ``id seq:digest`` each, sorted."""
    lines = sorted(f"{chain} {head.whole}\n" for chain, head in heads.items())
    return sha256("".join(lines).encode()).hexdigest()

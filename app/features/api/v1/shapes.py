"""What the answers look like, for the document that describes them; the tests hold the answers to it."""

from datetime import date, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.features.ledger.rules import ONE, FactType
from app.features.members.rules import MemberStatus, OrganisationKind
from app.features.shows.duties.rules import DutyKind, DutyState

T = TypeVar("T")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Page(_Shape, Generic[T]):
    """Some rows, and the address of the next ones."""

    items: list[T]
    next: Annotated[str | None, Field(description="the address of the next page; null at the end")]


class Branch(_Shape):
    """An organisation of the tree."""

    id: UUID
    parent_id: UUID | None
    kind: OrganisationKind
    name: str


class Person(_Shape):
    """Somebody who belongs to a branch today. What the token's scopes do not open is not there."""

    id: UUID
    branch_id: UUID
    group_id: UUID | None
    status: MemberStatus
    name: Annotated[str, Field(description="scope names")] = ""
    member_number: Annotated[str, Field(description="scope names")] = ""
    phone: Annotated[str | None, Field(description="scope phones")] = None


class FactLine(_Shape):
    """A row of the ledger."""

    seq: Annotated[int, Field(description="its place in the branch, from 1; some are left out")]
    id: UUID
    member_id: UUID
    fact_type: FactType
    quantity: Annotated[int, Field(description=f"in hundredths ({ONE} is once); below 0 where it takes back")]
    occurred_on: date
    counts_in: Annotated[date, Field(description="first day of the month it counts in")]
    reversal_of: Annotated[UUID | None, Field(description="the fact that it takes back")]
    posted_at: datetime


class DutyLine(_Shape):
    """A line of the duty list."""

    id: UUID
    member_id: Annotated[UUID, Field(description="who is responsible")]
    kind: DutyKind
    matter: str
    basis: str | None
    due_on: date
    state: DutyState
    ended_on: date | None


class Refusal(_Shape):
    """Why there is no answer: a code for machines, a sentence for people."""

    code: str
    message: str

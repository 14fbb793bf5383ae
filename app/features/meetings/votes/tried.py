"""Votes, elections and the end of probation, asked from outside (``sanliang try``)."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import field_validator, model_validator

from app.core.tried import Case, Count, Day, Question, Some
from app.features.meetings.votes import rules as votes


class _NotCounted(Question):
    reason: int
    count: Some = 1
    consent: str = ""
    adopted: bool = False

    @field_validator("consent", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value or ""


class _Written(Question):
    vote: Literal["yes", "no", "abstain"]
    handed_in: Literal["before", "during"] = "before"
    came: bool = False


class Votes(Case):
    """A vote."""

    matter: votes.Matter
    full: Count | None = None
    committee: Count | None = None
    no_rights: Count = 0
    probationary: Count = 0
    not_counted: tuple[_NotCounted, ...] = ()
    present: Count
    probationary_present: Count = 0
    yes: Count | None = None
    no: Count | None = None
    abstain: Count = 0
    probationary_yes: Count = 0
    written: tuple[_Written, ...] = ()
    people: Some = 1

    @model_validator(mode="after")
    def _adds_up(self) -> "Votes":
        of_committee = self.matter is votes.Matter.COMMITTEE
        if (self.committee is not None) != of_committee or (self.full is None) != of_committee:
            raise ValueError("a vote of the committee has its size, every other one the full members")
        if self.probationary_present > self.probationary or self.probationary_yes > self.probationary_present:
            raise ValueError("more probationary members than there are")
        if self.people > 1 and self.matter in votes.ABOUT_ONE_PERSON:
            raise ValueError("one person at a time")
        if sum(one.came for one in self.written) > self.present:
            raise ValueError("more came than are present")
        return self

    def answer(self) -> Mapping[str, Any]:
        """What the vote needed and came to."""
        left_out = [votes.NotCounted(one.reason, one.consent, one.adopted, one.count) for one in self.not_counted]
        n = votes.entitled(
            self.matter,
            full=self.full if self.full is not None else self.committee or 0,
            no_rights=self.no_rights,
            not_counted=left_out,
        )
        wrote = Counter(one.vote for one in self.written if one.handed_in == "before" and not one.came)
        verdict = votes.verdict(
            self.matter,
            n=n,
            present=self.present,
            count=votes.Count(self.yes, self.no, self.abstain),
            written=votes.Written(wrote["yes"], wrote["no"], wrote["abstain"]),
        )
        return {
            "n": n,
            "needs_present": verdict.need.present,
            "needs_yes": verdict.need.yes,
            "held": verdict.held,
            "outcome": verdict.outcome,
            "hint": "constitution_17" if verdict.near_tie else None,
        }


class Election(Case):
    """The count of a round of an election."""

    entitled: Some
    present: Count
    seats: Some
    votes: dict[str, Count]
    candidates: list[str] | None = None
    issued: Count | None = None
    collected: Count | None = None
    too_many: Count = 0

    def answer(self) -> Mapping[str, Any]:
        """Who is elected, who must be voted on again, what stays vacant."""
        names = self.candidates if self.candidates is not None else list(self.votes)
        if len(set(names)) != len(names):
            raise ValueError("a candidate is named twice")
        issued = self.present if self.issued is None else self.issued
        found = votes.elect(
            entitled_people=self.entitled,
            present=self.present,
            seats=self.seats,
            votes=dict.fromkeys(names, 0) | self.votes,
            ballots=votes.Ballots(issued, issued if self.collected is None else self.collected, self.too_many),
        )
        return {
            "candidates_needed": found.candidates_needed,
            "needs": found.needs,
            "held": found.held,
            "void": found.void,
            "valid_ballots": found.valid_ballots,
            "elected": found.elected,
            "tied": found.tied,
            "tied_for": found.tied_for,
            "vacant": found.vacant,
        }


class Conversion(Case):
    """When a probationary member may become a full one."""

    admitted_on: Day
    extended_months: Count = 0
    held_on: Day | None = None

    def answer(self) -> Mapping[str, Any]:
        """The first possible day, and what a meeting on ``held_on`` would do."""
        first = votes.first_day_of_conversion(self.admitted_on, self.extended_months)
        if self.held_on is not None and self.held_on < self.admitted_on:
            raise ValueError("held before the admission")
        allowed = None if self.held_on is None else self.held_on >= first
        return {
            "first_day": first,
            "standing_from": first,
            "allowed": allowed,
            "full_since": self.held_on if allowed else None,
        }


CASES: Final[Mapping[str, type[Case]]] = MappingProxyType(
    {"votes": Votes, "election": Election, "conversion": Conversion}
)

"""Writes what was pledged: the years' pledges at once, their ends through the officers, week by week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at, new_id
from app.demo.people import Branch, Person
from app.demo.pledged import Ended, Pledged
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress, PledgeSettings
from app.features.shows.pledges.review_kinds import OUTCOME, PLEDGE, outcome_detail, pledge_detail
from app.features.shows.pledges.rules import day_of_fact


def write(session: Session, branch: Branch, pledges: Iterable[Pledged]) -> Mapping[date, Mapping[Person, list[UUID]]]:
    """Store a branch's pledges; gives the words about their ends that are to be decided, by day and member.

    Everybody's pledges were decided one by one; their ends still wait, each for the day on which an officer looks.
    """
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    to_decide: dict[date, dict[Person, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for pledge in pledges:
        pledge_id = id_at(pledge.handed_in_at)
        rows[Pledge].append(_pledge(branch, pledge, pledge_id))
        rows[Review].append(_review(branch, pledge, pledge_id))
        rows[PledgeProgress] += _taps(pledge, pledge_id)
        if pledge.ended:
            said_at = clock.at(pledge.ended.on, time(9))
            ending_id = id_at(said_at)
            rows[Review].append(_review_of_ending(branch, pledge, pledge.ended, ending_id, said_at))
            rows[PledgeOutcome].append(_outcome(pledge, pledge.ended, pledge_id, ending_id))
            if pledge.ended.evaluated:
                to_decide[pledge.ended.on][pledge.person].append(ending_id)
    for table in (Pledge, Review, PledgeProgress, PledgeOutcome):
        if rows[table]:
            session.execute(insert(table), rows[table])
    session.add(PledgeSettings(branch_id=branch.id, asks_peers=True, changed_by_id=branch.secretary.id))
    session.flush()
    return to_decide


def _pledge(branch: Branch, pledge: Pledged, pledge_id: UUID) -> dict[str, Any]:
    return {
        "id": pledge_id,
        "branch_id": branch.id,
        "member_id": pledge.person.id,
        "year": pledge.due_on.year,
        "side": pledge.side,
        "text": pledge.text,
        "sign": pledge.sign,
        "due_on": pledge.due_on,
        "written_by_id": pledge.person.id,
        "written_at": pledge.handed_in_at,
        "corrects_id": None,
        "copied_from_id": None,
    }


def _review(branch: Branch, pledge: Pledged, pledge_id: UUID) -> dict[str, Any]:
    status = ReviewStatus.APPROVED if pledge.decided_at else ReviewStatus.PENDING
    detail = pledge_detail(side=pledge.side, text=pledge.text, sign=pledge.sign, due_on=pledge.due_on)
    return _row(
        branch,
        pledge,
        id=pledge_id,
        kind=PLEDGE.name,
        detail=detail,
        submitted_at=pledge.handed_in_at,
        occurred_on=clock.local_day(pledge.handed_in_at),
        status=ReviewStatus.RETURNED if pledge.advice else status,
        decided_by_id=branch.confirmer_of(pledge.person).id if pledge.decided_at else None,
        decided_at=pledge.decided_at,
        decision_id=new_id() if pledge.decided_at else None,
        reason=pledge.advice,
    )


def _review_of_ending(
    branch: Branch, pledge: Pledged, ended: Ended, ending_id: UUID, said_at: datetime
) -> dict[str, Any]:
    detail = outcome_detail(sign=pledge.sign, outcome=ended.ending, said=ended.said)
    return _row(
        branch,
        pledge,
        id=ending_id,
        kind=OUTCOME.name,
        detail=detail,
        submitted_at=said_at,
        occurred_on=day_of_fact(said_on=ended.on, due_on=pledge.due_on),
        status=ReviewStatus.PENDING,
        decided_by_id=None,
        decided_at=None,
        decision_id=None,
        reason=None,
    )


def _row(branch: Branch, pledge: Pledged, **rest: Any) -> dict[str, Any]:
    return {
        "branch_id": branch.id,
        "member_id": pledge.person.id,
        "recorded_by_id": pledge.person.id,
        "title": pledge.text,
        "flags": (),
        "round": 1,
        **rest,
    }


def _outcome(pledge: Pledged, ended: Ended, pledge_id: UUID, ending_id: UUID) -> dict[str, Any]:
    return {
        "id": ending_id,
        "pledge_id": pledge_id,
        "member_id": pledge.person.id,
        "attempt": 1,
        "outcome": ended.ending,
        "said": ended.said,
        "said_on": ended.on,
    }


def _taps(pledge: Pledged, pledge_id: UUID) -> Iterable[dict[str, Any]]:
    for tap in pledge.taps:
        tap_id = id_at(tap.at)
        yield {
            "id": tap_id,
            "pledge_id": pledge_id,
            "member_id": pledge.person.id,
            "quarter": tap.quarter,
            "state": tap.state,
            "note": tap.note,
            "recorded_by_id": pledge.person.id,
            "said_at": tap.at,
            "device_time": None,
            "received_at": tap.at,
            "made_offline": False,
        }

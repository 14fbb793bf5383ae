"""Writes the duty lists: all duties at once, their ends through the officers, week by week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at
from app.demo.duties import End, Listed
from app.demo.people import Branch, Person
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHandOver, DutyHelper, DutyOutcome, DutyProgress
from app.features.shows.duties.review_kind import DUTY, detail_of


def write(session: Session, branch: Branch, duties: Iterable[Listed]) -> Mapping[date, Mapping[Person, list[UUID]]]:
    """Store a branch's duties; gives the reported ends that are to be decided, by day and member."""
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    to_decide: dict[date, dict[Person, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for duty in duties:
        duty_id = id_at(duty.made_at)
        rows[Duty].append(_duty(branch, duty, duty_id))
        rows[DutyHelper] += [{"duty_id": duty_id, "member_id": helper.id} for helper in duty.helpers]
        rows[DutyProgress] += _words(duty, duty_id)
        if duty.away_until:
            rows[DutyHandOver].append(_hand_over(branch, duty, duty_id, duty.away_until))
        if duty.end:
            end_id = id_at(duty.end.said_at)
            rows[Review].append(_review(branch, duty, duty.end, end_id))
            rows[DutyOutcome].append(_outcome(duty, duty.end, duty_id, end_id))
            if duty.end.decided_on:
                to_decide[duty.end.decided_on][duty.person].append(end_id)
    for table in (Duty, DutyHelper, DutyProgress, DutyHandOver, Review, DutyOutcome):
        if rows[table]:
            session.execute(insert(table), rows[table])
    session.flush()
    return to_decide


def _duty(branch: Branch, duty: Listed, duty_id: UUID) -> dict[str, Any]:
    return {
        "id": duty_id,
        "branch_id": branch.id,
        "member_id": duty.person.id,
        "kind": duty.kind,
        "matter": duty.matter,
        "basis": duty.basis,
        "due_on": duty.due_on,
        "source": duty.source,
        "repeat": duty.repeat,
        "series_id": duty_id,
        "series_place": 0,
        "anchored_on": duty.due_on,
        "made_by_id": duty.by.id,
        "made_at": duty.made_at,
        "cancelled_at": None,
    }


def _words(duty: Listed, duty_id: UUID) -> Iterable[dict[str, Any]]:
    for word in duty.words:
        word_id = id_at(word.at)
        yield {
            "id": word_id,
            "duty_id": duty_id,
            "member_id": duty.person.id,
            "state": word.state,
            "note": word.note,
            "said_on": clock.local_day(word.at),
            "said_at": word.at,
            "recorded_by_id": duty.person.id,
            "recorded_at": word.at,
        }


def _hand_over(branch: Branch, duty: Listed, duty_id: UUID, until: date) -> dict[str, Any]:
    recorded_at = duty.made_at + timedelta(days=21)
    hand_over_id = id_at(recorded_at)
    return {
        "id": hand_over_id,
        "duty_id": duty_id,
        "to_id": duty.helpers[0].id,
        "starts_on": clock.local_day(recorded_at),
        "ends_on": until,
        "reason": "外出培训",
        "recorded_by_id": branch.confirmer_of(duty.person).id,
        "recorded_at": recorded_at,
    }


def _review(branch: Branch, duty: Listed, end: End, end_id: UUID) -> dict[str, Any]:
    return {
        "id": end_id,
        "kind": DUTY.name,
        "branch_id": branch.id,
        "member_id": duty.person.id,
        "recorded_by_id": end.by.id,
        "title": duty.matter,
        "detail": detail_of(kind=duty.kind, result=end.result, due_on=duty.due_on, ended_on=end.on),
        "occurred_on": end.on,
        "submitted_at": end.said_at,
        "flags": (),
        "status": ReviewStatus.PENDING,
        "round": 1,
    }


def _outcome(duty: Listed, end: End, duty_id: UUID, end_id: UUID) -> dict[str, Any]:
    return {
        "id": end_id,
        "duty_id": duty_id,
        "attempt": 1,
        "member_id": duty.person.id,
        "result": end.result,
        "sentence": end.sentence,
        "ended_on": end.on,
        "due_on": duty.due_on,
        "recorded_by_id": end.by.id,
        "recorded_at": end.said_at,
    }

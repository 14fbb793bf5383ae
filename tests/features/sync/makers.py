"""What a phone sends, for tests."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.features.reviews.models import Review
from app.features.study.models import StudyRecord
from app.features.sync.models import InboxItem
from tests.makers import Person, as_member

_numbers = count(1)


def phone_time(moment: datetime | None = None, *, ago: timedelta = timedelta(0)) -> str:
    """A moment (now) as a phone in the branch's time zone writes it."""
    return clock.local_time((moment or clock.now()) - ago).isoformat(timespec="milliseconds")


def new_item(kind: str = "study.record", **fields: Any) -> dict[str, Any]:
    """A study record captured a minute ago, unless said otherwise; every one has another title."""
    number = next(_numbers)
    return {
        "id": str(new_id()),
        "kind": kind,
        "payload": {"title": f"学习材料第{number}篇", "minutes": 1, "takeaway": None},
        "occurred_at": phone_time(ago=timedelta(minutes=1)),
        "seq": number,
        "depends_on": None,
        "made_offline": True,
        "would_be_refused": None,
        **fields,
    }


def new_withdrawal(target: str, **fields: Any) -> dict[str, Any]:
    """The withdrawal of item ``target``."""
    return new_item("withdraw", payload={"id": target}, **fields)


def envelope(person: Person, items: list[Any], **fields: Any) -> dict[str, Any]:
    """A batch of ``person``'s phone, whose clock is right unless ``sent_at`` says otherwise."""
    return {
        "device_id": "a2f4b1d8-0000-4000-8000-000000000001",
        "member_id": str(person.id),
        "sent_at": phone_time(),
        "app_version": "0.1.0",
        "items": items,
        **fields,
    }


def post(client: TestClient, person: Person, items: list[Any], **fields: Any) -> Any:
    """The server's answer to a batch, which may hold what only careless phones would send."""
    body = json.dumps(envelope(person, items, **fields))
    return client.post("/sync", content=body, headers=as_member(person) | {"Content-Type": "application/json"})


def send(client: TestClient, person: Person, *items: Any, **fields: Any) -> list[dict[str, Any]]:
    """The verdicts on a batch that is answered."""
    response = post(client, person, list(items), **fields)
    assert response.status_code == 200, response.text
    verdicts: list[dict[str, Any]] = response.json()["verdicts"]
    return verdicts


def words(verdicts: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Verdict and code of each."""
    return [(verdict["verdict"], verdict["code"]) for verdict in verdicts]


def rows_of(database: Database, item: dict[str, Any]) -> tuple[int, int, int]:
    """How many rows the inbox, the reviews and the study stream have of ``item``."""
    name = UUID(item["id"])
    with database.read() as session:
        inbox, reviews, records = (
            session.scalar(select(func.count()).select_from(table).where(table.id == name)) or 0
            for table in (InboxItem, Review, StudyRecord)
        )
    return inbox, reviews, records


def review_of(database: Database, item: dict[str, Any]) -> Review:
    """The review of ``item``."""
    with database.read() as session:
        return session.get_one(Review, UUID(item["id"]))


def row_of(database: Database, item: dict[str, Any]) -> InboxItem:
    """What the inbox keeps of ``item``."""
    with database.read() as session:
        return session.get_one(InboxItem, UUID(item["id"]))

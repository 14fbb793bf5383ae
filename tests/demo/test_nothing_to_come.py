"""At one in the morning the demo tells of no evening that is still to come."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.db import Base, UtcDateTime
from app.demo import service
from app.demo.living import last_evening
from app.demo.service import Size

NIGHT = datetime(2026, 11, 29, 17, 10, tzinfo=UTC)  # ten past one of the 30th here
TO_COME = {"begins_at", "ends_at", "closes_at", "expires_at", "held_until", "planned_at"}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (NIGHT, date(2026, 11, 29)),
        (datetime(2026, 11, 30, 9, 29, tzinfo=UTC), date(2026, 11, 29)),
        (datetime(2026, 11, 30, 9, 30, tzinfo=UTC), date(2026, 11, 30)),
    ],
)
def test_the_year_is_told_up_to_the_last_evening_that_is_over(now, day):
    assert last_evening(now) == day


def test_nothing_was_done_in_the_future(empty_database):
    with time_machine.travel(NIGHT, tick=False), empty_database.write() as session:
        service.invent(session, seed=1, size=Size(2, 13), today=last_evening(NIGHT))
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, UtcDateTime) and column.name not in TO_COME:
                    latest = session.scalar(select(func.max(column)))
                    assert latest is None or latest <= NIGHT, column

"""All streams, in the order in which people see them. A stream joins by one word here."""

from typing import Final

from app.features.complaints.stream import COMPLAINTS
from app.features.holidays.stream import HOLIDAYS
from app.features.leave.stream import LEAVE
from app.features.ledger import fact_sources
from app.features.meetings.stream import MEETINGS
from app.features.members import said
from app.features.notices import sources as reminders
from app.features.reviews import kinds as review_kinds
from app.features.roster.stream import ROSTER
from app.features.scores.stream import SCORES
from app.features.shows.stream import SHOWS
from app.features.stream import Stream
from app.features.study.stream import STUDY
from app.features.sync import kinds as captured_kinds
from app.features.wishes.stream import WISHES

STREAMS: Final[tuple[Stream, ...]] = (STUDY, MEETINGS, SCORES, SHOWS, WISHES, LEAVE, ROSTER, COMPLAINTS, HOLIDAYS)


def announce() -> None:
    """Tell the rooms below what the streams bring: each program does it once when it starts. Twice is once."""
    review_kinds.know(kind for stream in STREAMS for kind in stream.review_kinds)
    fact_sources.know(source for stream in STREAMS for source in stream.fact_sources)
    reminders.know(source for stream in STREAMS for source in stream.reminders)
    said.know(stream.of_member for stream in STREAMS if stream.of_member)
    captured_kinds.know(
        (kind for stream in STREAMS for kind in stream.captures),
        lists=(stream.lists for stream in STREAMS),
        readable=("/", *(page.address for stream in STREAMS for page in stream.pages)),
    )

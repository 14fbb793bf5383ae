"""All streams, in the order in which people see them. A stream joins by one word here."""

from typing import Final

from app.core.settings import settings
from app.features.api.stream import API
from app.features.ballots.stream import BALLOTS
from app.features.complaints.stream import COMPLAINTS
from app.features.education import sources as education
from app.features.entries.stream import ENTRIES
from app.features.holidays.stream import HOLIDAYS
from app.features.leave.stream import LEAVE
from app.features.ledger import fact_sources, years
from app.features.meetings.stream import MEETINGS
from app.features.members import said
from app.features.notices import sources as reminders
from app.features.outward.stream import OUTWARD
from app.features.reviews import kinds as review_kinds
from app.features.roster.stream import ROSTER
from app.features.scores.stream import SCORES
from app.features.shows.cards.public.stream import PUBLIC_CARDS
from app.features.shows.stream import SHOWS
from app.features.stream import Stream
from app.features.study.quiz.stream import QUIZ
from app.features.study.stream import STUDY
from app.features.sync import kinds as captured_kinds
from app.features.volunteering.stream import VOLUNTEERING
from app.features.wishes.stream import WISHES

EVERY: Final[tuple[Stream, ...]] = (
    STUDY,
    QUIZ,
    VOLUNTEERING,
    MEETINGS,
    BALLOTS,
    SCORES,
    ENTRIES,
    SHOWS,
    PUBLIC_CARDS,
    WISHES,
    LEAVE,
    ROSTER,
    COMPLAINTS,
    HOLIDAYS,
    API,
    OUTWARD,
)
"""All there are: what was kept is shown to its owner, decided and erased, whether or not the stream is still used."""
STREAMS: Final = tuple(stream for stream in EVERY if settings().uses(stream.name))
"""Those that this installation uses (``SANLIANG_OFF``)."""


def announce() -> None:
    """Tell the rooms below what the streams bring: each program does it once when it starts. Twice is once."""
    review_kinds.know(kind for stream in EVERY for kind in stream.review_kinds)
    review_kinds.let_follow(pair for stream in EVERY for pair in stream.follows.items())
    fact_sources.know(source for stream in EVERY for source in stream.fact_sources)
    left_out = [stream for stream in EVERY if stream not in STREAMS]
    fact_sources.expect_none(
        (
            *(kind for stream in left_out for one in stream.review_kinds for kind in one.fact_types),
            *(kind for stream in left_out for one in stream.fact_sources for kind in one.fact_types),
        ),
        sources=(
            *(kind.name for stream in left_out for kind in stream.review_kinds),
            *(source.name for stream in left_out for source in stream.fact_sources),
        ),
    )
    years.know(stream.grades for stream in EVERY if stream.grades)
    education.know(stream.hours for stream in EVERY if stream.hours)
    reminders.know(source for stream in STREAMS for source in stream.reminders)
    said.know(stream.of_member for stream in STREAMS if stream.of_member)
    captured_kinds.know(
        (kind for stream in EVERY for kind in stream.captures),
        offered=(kind for stream in STREAMS for kind in stream.captures),
        lists=(stream.lists for stream in STREAMS),
        readable=("/", *(page.address for stream in STREAMS for page in stream.pages)),
    )

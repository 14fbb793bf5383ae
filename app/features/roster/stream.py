"""The roster, as the house knows it."""

from typing import Final

from app.features.stream import Stream

ROSTER: Final = Stream(name="roster", routes=("app.features.roster.routes",))

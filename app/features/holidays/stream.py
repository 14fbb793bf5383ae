"""Lists of days off, as the house knows them."""

from typing import Final

from app.features.stream import Stream

HOLIDAYS: Final = Stream(name="holidays", routes=("app.features.holidays.routes",))

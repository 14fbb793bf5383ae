"""My volunteering, and the form that records it."""

from app.features.records.pages import record_router
from app.features.volunteering.stream import RECORD

router = record_router(RECORD)

"""Which rule set the sheets of a year are computed with."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base

VERSION_LENGTH: Final = 12


class RulePeriod(Base):
    """The rule set of one year, pinned: a newer one that comes with the product changes no sheet by itself."""

    __tablename__ = "rule_periods"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("version LIKE '____.%'", name="version_names_a_year"),
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(VERSION_LENGTH), comment="such as 2026.1; the data is a file")
    pinned_at: Mapped[datetime] = mapped_column(default=clock.now)

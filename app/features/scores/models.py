"""Which rule set the sheets of a year are computed with, and the rule sets that this installation has published."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.members.models import Member

VERSION_LENGTH: Final = 12
REASON_LENGTH: Final = 300
DOCUMENT_LENGTH: Final = 60


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


class PublishedRuleSet(Base):
    """A rule set of this installation. Triggers let nobody change or remove it; the product's own are files."""

    __tablename__ = "published_rule_sets"
    __table_args__ = (
        CheckConstraint("version LIKE '____.%'", name="version_names_a_year"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("length(digest) = 64", name="digest_whole"),
        CheckConstraint("(edited_by_id IS NULL) = (published_by_id IS NULL)", name="two_people_or_the_server"),
        CheckConstraint("published_by_id <> edited_by_id", name="published_by_another"),
        CheckConstraint("(reason IS NULL) = (document IS NULL)", name="reason_iff_document"),
    )
    version: Mapped[str] = mapped_column(String(VERSION_LENGTH), primary_key=True)
    text: Mapped[str] = mapped_column(Text, comment="JSON, byte for byte as it was published")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the text")
    year: Mapped[int] = mapped_column(comment="the year it was published for; later ones go on with it")
    edited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str | None] = mapped_column(
        String(REASON_LENGTH), comment="why it changes a year that is publicised already"
    )
    document: Mapped[str | None] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the decision on that")

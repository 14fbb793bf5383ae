"""The columns that every kind of record has."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from app.features.members.models import Member, Organisation
from app.features.records.rules import DEVICE_TIME_LENGTH, TITLE_LENGTH
from app.features.reviews.models import Review


class Recorded:
    """A record as it was captured. A correction is a new row; the state of each is its review's.

    A kind adds the columns of its content and their ``CHECKS``, name and condition, but no ``__table_args__``.
    """

    __tablename__: str
    CHECKS: ClassVar[Sequence[tuple[str, str]]] = ()

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        """The ``CHECKS``, and what each list asks: whose, and of which days."""
        checks = (("has_title", f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}"), *cls.CHECKS)
        return (
            *(CheckConstraint(said, name=name) for name, said in checks),
            Index(f"ix_{cls.__tablename__}_member", "member_id", "occurred_on"),
        )

    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    occurred_on: Mapped[date] = mapped_column(
        sort_order=1, comment="branch-local day, never after the one it arrived on"
    )
    occurred_at: Mapped[datetime] = mapped_column(
        sort_order=1, comment="corrected by the measured error of the phone's clock"
    )
    device_time: Mapped[str] = mapped_column(
        String(DEVICE_TIME_LENGTH), sort_order=1, comment="the phone's own words for it, kept exactly"
    )
    received_at: Mapped[datetime] = mapped_column(sort_order=1)
    made_offline: Mapped[bool] = mapped_column(default=False, sort_order=1)

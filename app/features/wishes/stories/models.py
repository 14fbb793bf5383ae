"""Stories and the consents they rest on. Of a story that was taken down only that there was one is left."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member
from app.features.wishes.models import Wish
from app.features.wishes.stories.rules import STORY_LENGTH, AgreedHow

_SHOWN: Final = "ended_at IS NULL"


class WishStory(Base):
    """A few lines about a wish that came true, shown until the wisher says stop. A wish shows one at a time."""

    __tablename__ = "wish_stories"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (story IS NOT NULL)", name="gone_when_ended"),
        CheckConstraint("ended_at IS NULL OR photo IS NULL", name="photo_gone_when_ended"),
        CheckConstraint(f"length(trim(story)) BETWEEN 1 AND {STORY_LENGTH}", name="says_something"),
        CheckConstraint("ended_at IS NOT NULL OR ended_by_id IS NULL", name="nobody_ended_a_shown_one"),
        Index("uq_wish_stories_shown", "wish_id", unique=True, **only(_SHOWN)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id), index=True)
    story: Mapped[str | None] = mapped_column(String(STORY_LENGTH), comment="names nobody; NULL: taken down")
    photo: Mapped[bytes | None] = mapped_column(LargeBinary, comment="of the thing, never demanded; core/photos.py")
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed_how: Mapped[AgreedHow]
    agreed_on: Mapped[date] = mapped_column(comment="the day the wisher agreed; branch-local")
    consent_version: Mapped[str] = mapped_column(String(12), comment="of stories/rules.CONSENT_TEXTS")
    ended_at: Mapped[datetime | None] = mapped_column(comment="taken down; story and photo were erased")
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: the wisher's own tap")

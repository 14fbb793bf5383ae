"""The notice of purposes (docs/domain.md §9): shown once for each version, agreed to or not, and taken back at will."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section, section
from app.features.home.models import NoticeAnswer
from app.features.members import queries as members
from app.features.members.actor import Actor

VERSION: Final = "2027-01"
"""Of the purposes that ``purposes.PURPOSES`` names. Who has answered an older one is asked again."""
_LAST: Final = (
    select(NoticeAnswer.agreed, NoticeAnswer.at)
    .where(NoticeAnswer.member_id == bindparam("me"), NoticeAnswer.version == VERSION)
    .order_by(NoticeAnswer.id.desc())
    .limit(1)
)
OWN: Final[Section] = section(
    "notice_answers",
    _("Notice of purposes"),
    {NoticeAnswer.version: _("Version"), NoticeAnswer.agreed: _("Agreed"), NoticeAnswer.at: _("When")},
    mine=NoticeAnswer.member_id,
    by=(NoticeAnswer.id,),
    of_collectors=True,
)


def last_answer(session: Session, actor: Actor) -> bool | None:
    """Whether the actor has agreed to the notice as it is now; ``None``: not answered yet."""
    found = session.execute(_LAST, {"me": actor.member_id}).one_or_none()
    return found.agreed if found else None


def answer(session: Session, actor: Actor, *, agreed: bool) -> None:
    """Write down what the actor says to the notice as it is now. The same twice is once, also by two taps at a time."""
    members.lock(session, actor.member_id)
    if last_answer(session, actor) is not agreed:
        session.add(NoticeAnswer(member_id=actor.member_id, version=VERSION, agreed=agreed))
        session.flush()

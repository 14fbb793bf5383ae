"""What is kept of a member's pledges: the pledges, what was said of them, and the words between colleagues."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress, PledgeWord
from app.features.shows.pledges.words import ENDING_LABELS, PEER_WORD_LABELS, PROGRESS_LABELS, SIDE_LABELS

Rows = Sequence[Row[*tuple[Any, ...]]]
_Writer, _Colleague = aliased(Member), aliased(Member)
_ME: Final = bindparam("me", type_=Uuid())
_PLEDGES: Final = (
    select(
        Pledge.id,
        Pledge.year,
        Pledge.side,
        Pledge.text,
        Pledge.sign,
        Pledge.due_on,
        _Writer.name.label("written_by"),
        Pledge.written_at,
    )
    .join(_Writer, _Writer.id == Pledge.written_by_id)
    .where(Pledge.member_id == _ME)
    .order_by(Pledge.year, Pledge.id)
)
_PROGRESS: Final = (
    select(
        PledgeProgress.pledge_id,
        PledgeProgress.quarter,
        PledgeProgress.state,
        PledgeProgress.note,
        PledgeProgress.said_at,
        PledgeProgress.device_time,
        PledgeProgress.made_offline,
        _Writer.name.label("recorded_by"),
    )
    .join(_Writer, _Writer.id == PledgeProgress.recorded_by_id)
    .where(PledgeProgress.member_id == _ME)
    .order_by(PledgeProgress.said_at, PledgeProgress.id)
)
_ENDINGS: Final = (
    select(PledgeOutcome.pledge_id, PledgeOutcome.outcome, PledgeOutcome.said, PledgeOutcome.said_on)
    .where(PledgeOutcome.member_id == _ME)
    .order_by(PledgeOutcome.said_on, PledgeOutcome.id)
)
_WORDS: Final = (
    select(
        _Writer.name.label("by"),
        _Colleague.name.label("about"),
        Pledge.text,
        PledgeWord.word,
        PledgeWord.sentence,
        PledgeWord.said_at,
    )
    .join(Pledge, Pledge.id == PledgeWord.pledge_id)
    .join(_Writer, _Writer.id == PledgeWord.peer_id)
    .join(_Colleague, _Colleague.id == PledgeWord.member_id)
    .where(or_(PledgeWord.peer_id == _ME, PledgeWord.member_id == _ME))
    .order_by(PledgeWord.said_at, PledgeWord.pledge_id)
)


def _pledges(session: Session, actor: Actor) -> Rows:
    return session.execute(_PLEDGES, {"me": actor.member_id}).all()


def _progress(session: Session, actor: Actor) -> Rows:
    return session.execute(_PROGRESS, {"me": actor.member_id}).all()


def _endings(session: Session, actor: Actor) -> Rows:
    return session.execute(_ENDINGS, {"me": actor.member_id}).all()


def _words(session: Session, actor: Actor) -> Rows:
    return session.execute(_WORDS, {"me": actor.member_id}).all()


SECTIONS: Final = (
    Section(
        "pledges",
        _("Pledges"),
        {
            "id": _("Id"),
            "year": _("Year"),
            "side": _("Side"),
            "text": _("Pledge"),
            "sign": _("Sign of completion"),
            "due_on": _("Due"),
            "written_by": _("Recorded by"),
            "written_at": _("When"),
        },
        _pledges,
        {"side": lambda side: str(SIDE_LABELS[side])},
    ),
    Section(
        "pledge_progress",
        _("Progress of pledges"),
        {
            "pledge_id": _("Id"),
            "quarter": _("Quarter"),
            "state": _("How it goes"),
            "note": _("In a sentence"),
            "said_at": _("When"),
            "device_time": _("Time on the phone"),
            "made_offline": _("Without a network"),
            "recorded_by": _("Recorded by"),
        },
        _progress,
        {"state": lambda state: str(PROGRESS_LABELS[state])},
    ),
    Section(
        "pledge_endings",
        _("How pledges ended"),
        {"pledge_id": _("Id"), "outcome": _("How it ended"), "said": _("In a sentence"), "said_on": _("Day")},
        _endings,
        {"outcome": lambda outcome: str(ENDING_LABELS[outcome])},
    ),
    Section(
        "pledge_words",
        _("Words of colleagues"),
        {
            "by": _("Said by"),
            "about": _("About"),
            "text": _("Pledge"),
            "word": _("What was seen"),
            "sentence": _("In a sentence"),
            "said_at": _("When"),
        },
        _words,
        {"word": lambda word: str(PEER_WORD_LABELS[word])},
    ),
)

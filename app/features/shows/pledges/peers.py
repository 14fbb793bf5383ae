"""What colleagues saw of a pledge, in branches that ask them. Words for people to read, never numbers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, select, true
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_renewing
from app.core.errors import NotFoundError
from app.core.rows import AnyRow
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import AuditAction
from app.features.shows.pledges import queries
from app.features.shows.pledges.branch_settings import lock_settings
from app.features.shows.pledges.calendar import asks_for_ending
from app.features.shows.pledges.errors import PeersNotAskedError
from app.features.shows.pledges.models import PledgeSettings, PledgeWord
from app.features.shows.pledges.rules import PeerWord, PledgeState, is_open_to_peers
from app.features.shows.pledges.view import ShownPledge

_ASKS: Final = select(PledgeSettings.asks_peers).where(PledgeSettings.branch_id == bindparam("branch"))
_ABOUT: Final = (
    select(PledgeWord.pledge_id, Member.name, PledgeWord.word, PledgeWord.sentence)
    .join(Member, Member.id == PledgeWord.peer_id)
    .where(PledgeWord.pledge_id.in_(bindparam("ids", type_=Uuid(), expanding=True)))
    .order_by(Member.pinyin, Member.id)
)
_MINE: Final = select(PledgeWord.pledge_id, PledgeWord.word, PledgeWord.sentence).where(
    PledgeWord.peer_id == bindparam("me")
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One colleague's pledges, as the branch sees them."""

    id: UUID
    name: str
    group_name: str | None
    pledges: Sequence[ShownPledge]


class BeforePeers(NamedTuple):
    """A branch's pledges before its members, by group and name."""

    in_publicity: list[Colleague]
    """What is shown for comment; the own ones too."""
    asks: bool
    """Whether the branch wants colleagues' words."""
    asked_about: list[Colleague]
    """About what it asks for a word now, the own left out; none if it does not ask."""


def branch_asks(session: Session, branch_id: UUID) -> bool:
    """Whether the branch wants colleagues' words."""
    return bool(session.scalar(_ASKS, {"branch": branch_id}))


def words_about(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Sequence[AnyRow]]:
    """What colleagues said of these pledges, by name: rows ``name, word, sentence``. For officers and the member."""
    words: dict[UUID, list[AnyRow]] = {}
    if ids:
        for row in session.execute(_ABOUT, {"ids": sorted(ids)}):
            words.setdefault(row.pledge_id, []).append(row)
    return words


def in_words(word: AnyRow) -> list[str]:
    """One colleague's word, and the sentence if there is one."""
    return [str(word.word.label), *([word.sentence] if word.sentence else [])]


def my_words(session: Session, actor: Actor) -> dict[UUID, AnyRow]:
    """What the actor said of colleagues' pledges."""
    return {row.pledge_id: row for row in session.execute(_MINE, {"me": actor.member_id})}


def before_peers(session: Session, actor: Actor) -> BeforePeers:
    """What the actor's colleagues and the actor have before them now; the pledges of a year are read once."""
    today = clock.today()
    asks = branch_asks(session, actor.branch_id)
    ending = today.year - 1 if asks_for_ending(today, today.year - 1) else today.year
    pledges = {
        year: queries.of_branch(session, actor.branch_id, year) for year in {today.year, ending if asks else today.year}
    }
    people = members.branch_members(session, actor.branch_id)

    def those(year: int, wanted: Callable[[ShownPledge], bool]) -> list[Colleague]:
        return [
            Colleague(row.id, row.name, row.group_name, chosen)
            for row in people
            if (chosen := [pledge for pledge in pledges[year].get(row.id, ()) if wanted(pledge)])
        ]

    asked_about = those(ending, lambda pledge: is_open_to_peers(pledge.state, ending, today)) if asks else []
    return BeforePeers(
        in_publicity=those(today.year, lambda pledge: pledge.state is PledgeState.PUBLICITY),
        asks=asks,
        asked_about=[colleague for colleague in asked_about if colleague.id != actor.member_id],
    )


_WORDS: Final = cast(Table, PledgeWord.__table__)


def ask_peers(session: Session, actor: Actor, *, asks_peers: bool) -> None:
    """Let the branch ask colleagues what they saw, or ask no longer; words already said stay."""
    settings = lock_settings(session, actor)
    if changes := audit.changed({"asks_peers": settings.asks_peers}, {"asks_peers": asks_peers}):
        branch = audit.Subject(actor.branch_name, actor.branch_id, actor.branch_id)
        audit.record(session, actor.member_id, AuditAction.SETTINGS_CHANGED, branch, changes)
    settings.asks_peers, settings.changed_by_id, settings.changed_at = asks_peers, actor.member_id, clock.now()
    session.flush()


def say_word(session: Session, actor: Actor, *, pledge_id: UUID, word: PeerWord, sentence: str | None) -> None:
    """Say what the actor saw of a colleague's pledge; said again, the new word takes the place of the old one.

    Raises:
        PeersNotAskedError: the branch does not ask about it now.
    """
    pledge = queries.of_colleague(session, actor, pledge_id)
    if pledge.member_id == actor.member_id:
        raise NotFoundError
    if not branch_asks(session, actor.branch_id) or not is_open_to_peers(pledge.state, pledge.year, clock.today()):
        raise PeersNotAskedError
    row = {
        "pledge_id": pledge.id,
        "peer_id": actor.member_id,
        "member_id": pledge.member_id,
        "word": word,
        "sentence": sentence,
        "said_at": clock.now(),
    }
    session.execute(insert_renewing(session, _WORDS, where=true()), [row])

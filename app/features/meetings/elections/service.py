"""Elections: a round is called with its candidates, then counted; tied ones and empty seats vote again."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.db import refusing
from app.core.errors import ContentDiffersError, NotFoundError
from app.core.i18n import gettext as _
from app.features.meetings.elections.strokes import in_order
from app.features.meetings.events import queries as events
from app.features.meetings.events.rules import NotOfTheBranchError
from app.features.meetings.events.service import kept
from app.features.meetings.resolutions import queries, rules
from app.features.meetings.resolutions.models import Election, Resolution
from app.features.meetings.resolutions.service import check_unwaited, in_room, put, put_correction, ready, sent_already
from app.features.meetings.votes.rules import Ballots, Matter, VoteOutcome, VoteResult, elect, need
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow

_OF_EVENT: Final = select(Election).where(Election.event_id == bindparam("event")).order_by(Election.id)
_RESULT: Final = select(*Resolution.__table__.columns).where(
    Resolution.election_id == bindparam("election"), queries.STANDS
)


def title_of(call: Election) -> str:
    """``Branch committee, seats: 3``, with what round it is."""
    words = _("%(office)s, seats: %(seats)s") % {"office": call.office.label, "seats": call.seats}
    if call.follows_id:
        words += " · " + (_("vote again among the tied") if call.re_ballot else _("second round"))
    return words


def call_election(
    session: Session,
    actor: Actor,
    *,
    event_id: UUID,
    id: UUID,  # noqa: A002 (what it is)
    office: rules.Office,
    seats: int,
    candidate_ids: Collection[UUID],
) -> UUID:
    """Say what is elected and who stands; ballots are printed from it. Twice is once."""
    who = ready(session, actor, event_id, Matter.ELECTION)[1].counted
    if there := session.get(Election, id):
        stand = {UUID(one) for one, _name in there.candidates}
        if (there.event_id, there.office, there.seats, stand) != (event_id, office, seats, set(candidate_ids)):
            raise ContentDiffersError
        return id
    if office is rules.Office.COMMITTEE and len(who.full) < rules.COMMITTEE_FROM:
        raise rules.TooSmallForCommitteeError(from_=rules.COMMITTEE_FROM)
    if office not in rules.MORE_CANDIDATES and seats != 1:
        raise rules.OneSeatError
    if not set(candidate_ids) <= who.full - who.resting:
        raise NotOfTheBranchError(at="candidate_ids")
    if len(set(candidate_ids)) < (needed := rules.candidates_at_least(office, seats)):
        raise rules.TooFewCandidatesError(seats=seats, needed=needed)
    names = {one: members.member_card(session, one).name for one in set(candidate_ids)}
    candidates = [[str(one), names[one]] for one in in_order(names)]
    _add(session, actor, id=id, event_id=event_id, office=office, seats=seats, candidates=candidates)
    return id


def record_election(
    session: Session,
    actor: Actor,
    *,
    election_id: UUID,
    id: UUID,  # noqa: A002 (what it is)
    seen: tuple[int, int],
    out_of_room: int,
    ballots: Ballots,
    votes: Mapping[str, int],
) -> UUID:
    """Record what a round came to; below the quorum without any result. Twice is once.

    Raises:
        NotRecordedError, CountsChangedError, OutOfRoomError: it is not the time for it.
        ImpossibleError: numbers that do not add up; it says which.
    """
    call = card(session, actor, election_id)
    event, before = ready(session, actor, call.event_id, Matter.ELECTION)
    if there := result_of(session, election_id):
        if there.id != id:
            raise rules.CorrectedAlreadyError
        n, present = seen[0], seen[1] - out_of_room
        _verdict, told = _counted(call, n, present, ballots, votes)
        sent_already(session, id, {}, n=n, present=present, result=told)
        return id
    present = in_room(event, before, seen, out_of_room)
    verdict, told = _counted(call, before.n, present, ballots, votes)
    row = before.kept | {"event_id": call.event_id, "matter": Matter.ELECTION, "wording": title_of(call)}
    row |= {"secret": True, "election_id": election_id, "result": told}
    put(session, actor, verdict, id=id, present=present, counts={}, **row)
    return id


def correct_election(
    session: Session,
    actor: Actor,
    *,
    election_id: UUID,
    id: UUID,  # noqa: A002 (what it is)
    present: int,
    reason: str,
    ballots: Ballots,
    votes: Mapping[str, int],
) -> UUID:
    """Say what a round really came to; it holds when another officer has confirmed it. N stays as it was.

    Raises:
        RoundFollowsError: the next round was called from its result.
        ImpossibleError: numbers that do not add up; it says which.
    """
    call = card(session, actor, election_id)
    kept(session, actor, call.event_id)
    if (old := result_of(session, election_id)) is None:
        raise NotFoundError
    found, told = _counted(call, old.n, present, ballots, votes)
    if sent_already(session, id, {}, election_id=election_id, present=present, reason=reason, result=told):
        return id
    if _next_of(session, call):
        raise rules.RoundFollowsError
    said = {"present": present, "reason": reason, "result": told}
    put_correction(session, actor, old, found, id=id, counts={}, **said)
    return id


def next_round(session: Session, actor: Actor, *, election_id: UUID) -> UUID:
    """Call the next round: among the tied alone, or among the rest for the seats that nobody reached. Twice is once.

    Raises:
        NoFurtherRoundError: nothing is left to elect, or it is not counted yet.
    """
    call = card(session, actor, election_id)
    kept(session, actor, call.event_id)
    if other := _next_of(session, call):
        return other.id
    if result := result_of(session, election_id):
        check_unwaited(session, result)
    told = result.result if result else None
    if not told or not (told["tied_for"] or told["vacant"]):
        raise rules.NoFurtherRoundError
    again = told["tied"] if told["tied_for"] else [one for one, _name in call.candidates if one not in told["elected"]]
    candidates = [[one, name] for one, name in call.candidates if one in again]
    if not candidates:
        raise rules.NoFurtherRoundError
    seats = min(told["tied_for"] or told["vacant"], len(candidates))
    return _add(
        session,
        actor,
        event_id=call.event_id,
        office=call.office,
        seats=seats,
        candidates=candidates,
        re_ballot=bool(told["tied_for"]),
        follows_id=election_id,
    )


def card(session: Session, actor: Actor, election_id: UUID) -> Election:
    """A round of an election."""
    call = session.get(Election, election_id)
    if call is None:
        raise NotFoundError
    event = events.whole(session, actor, call.event_id)
    if not (events.plans_for_branch(actor) and event.branch_id == actor.branch_id):
        raise NotFoundError
    return call


def of_event(session: Session, event_id: UUID) -> list[Election]:
    """The rounds of a meeting, in their order. For callers that know who reads them."""
    return list(session.scalars(_OF_EVENT, {"event": event_id}))


def result_of(session: Session, election_id: UUID) -> AnyRow | None:
    """What a round came to, if it is counted: as it was corrected, where two have said so."""
    return session.execute(_RESULT, {"election": election_id}).one_or_none()


def _next_of(session: Session, call: Election) -> Election | None:
    return next((other for other in of_event(session, call.event_id) if other.follows_id == call.id), None)


def _add(session: Session, actor: Actor, **said: Any) -> UUID:
    call = Election(entered_by_id=actor.member_id, **said)
    with refusing(session, {"uq_elections_follows_id": rules.NoFurtherRoundError}):
        session.add(call)
    return call.id


def _counted(
    call: Election, n: int, present: int, ballots: Ballots, votes: Mapping[str, int]
) -> tuple[VoteResult, dict[str, Any] | None]:
    """What a round came to, and what is kept of it; nothing below the quorum.

    Raises:
        ContentDiffersError: the votes are not those of the candidates.
        ImpossibleError: numbers that do not add up.
    """
    if votes.keys() != {one for one, _name in call.candidates}:
        raise ContentDiffersError
    found = elect(entitled_people=n, present=present, seats=call.seats, votes=votes, ballots=ballots)
    needed = need(Matter.ELECTION, n=n, present=present)
    if not found.held:
        return VoteResult(needed, held=False, outcome=VoteOutcome.NO_QUORUM), None
    verdict = VoteResult(needed, held=True, outcome=VoteOutcome.ELECTED if found.elected else VoteOutcome.NOT_ELECTED)
    return verdict, {
        "office": call.office.value,
        "seats": call.seats,
        "re_ballot": call.re_ballot,
        "issued": ballots.issued,
        "collected": ballots.collected,
        "too_many": ballots.too_many,
        "valid": found.valid_ballots,
        "void": found.void,
        "votes": [[one, name, votes.get(one, 0)] for one, name in call.candidates],
        "elected": list(found.elected),
        "tied": list(found.tied),
        "tied_for": found.tied_for,
        "vacant": found.vacant,
    }

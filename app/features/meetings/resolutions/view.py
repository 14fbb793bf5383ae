"""A result in words: the same lines on the page, on paper and in a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.i18n import gettext as _
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.meetings.resolutions.queries import Before
from app.features.meetings.resolutions.rules import CLAUSES, Office
from app.features.meetings.votes.rules import Matter, VoteOutcome
from app.features.members.queries import AnyRow


def how_n(kept: Mapping[str, Any], matter: Matter) -> str:
    """How N came about: ``16 full members − 1 with rights at rest − 1 not counted = 14``; else the number alone."""
    whose = _("%(n)s members of the committee") if matter is Matter.COMMITTEE else _("%(n)s full members")
    parts = [whose % {"n": kept["full_members"]}]
    if kept["resting"]:
        parts.append(_("%(n)s with rights at rest") % {"n": kept["resting"]})
    if kept["left_out"]:
        parts.append(_("%(n)s not counted at this meeting") % {"n": kept["left_out"]})
    return " − ".join(parts) + (f" = {kept['n']}" if len(parts) > 1 else "")


def before_vote(event: MeetingEvent, before: Before, matter: Matter) -> dict[str, Any]:
    """What a page says before the vote, for ``meetings.before``."""
    is_recorded, of_election = event.state is EventState.RECORDED, matter is Matter.ELECTION
    yes = None if of_election and not is_recorded else before.need.yes
    return {
        "event": event,
        "before": before,
        "is_recorded": is_recorded,
        "held": before.present >= before.need.present,
        "how_n": how_n(before.kept, matter),
        "needed": need_words(before.need.present, yes, of_election=of_election),
        "clause": CLAUSES[matter],
    }


def need_words(present: int, yes: int | None, *, of_election: bool) -> str:
    """``at least 9 must come, 9 votes in favour``; ``yes`` is ``None`` where it depends on who will have come."""
    if yes is None:
        return _("at least %(present)s must come; elected with more than half of those who came") % {"present": present}
    if of_election:
        return _("at least %(present)s must come; elected with %(yes)s votes") % {"present": present, "yes": yes}
    return _("at least %(present)s must come; %(yes)s in favour carry it") % {"present": present, "yes": yes}


def lines(row: AnyRow) -> Sequence[tuple[str, str]]:
    """What was voted on, who could vote, what it needed, what was counted, and what it came to."""
    of_election = row.matter is Matter.ELECTION
    told = [
        (_("What is voted on"), str(row.matter.label) + (f" · {row.about}" if row.about else "")),
        (_("Resolution"), "" if of_election else row.wording),
        (_("Should come, with a vote"), how_n(row._asdict(), row.matter)),
        (_("Came, with a vote"), str(row.present)),
        (_("Needed"), need_words(row.need_present, row.need_yes, of_election=of_election)),
        *_counted(row),
        (_("Result"), _outcome(row)),
        (_("Clause"), str(CLAUSES[row.matter])),
    ]
    return [(label, text) for label, text in told if text]


def _counted(row: AnyRow) -> list[tuple[str, str]]:
    if row.outcome is VoteOutcome.NO_QUORUM:
        return []
    if row.result:
        return _ballots(row.result)
    votes = _("for %(yes)s, against %(no)s, abstained %(abstain)s")
    found = [(_("Votes"), votes % {"yes": row.yes, "no": row.no or 0, "abstain": row.abstain or 0})]
    if row.written_yes or row.written_no or row.written_abstain:
        written = {"yes": row.written_yes, "no": row.written_no, "abstain": row.written_abstain}
        counts = row.about is not None
        said = (votes % written) + ("" if counts else " " + _("(not counted for this matter)"))
        found.append((_("Written opinions"), said))
    return found


def _ballots(told: dict[str, Any]) -> list[tuple[str, str]]:
    ballots = _("given out %(issued)s, collected %(collected)s, valid %(valid)s, invalid %(too_many)s") % told
    found = [
        (_("To be elected"), _("%(office)s, seats: %(seats)s") % {**told, "office": Office(told["office"]).label}),
        (_("Ballots"), ballots + (" " + _("(more came back than were given out: void)") if told["void"] else "")),
        (_("Votes"), _(", ").join(f"{name} {yes}" for _one, name, yes in told["votes"])),
        (_("Elected"), _names(told, "elected")),
    ]
    if told["tied_for"]:
        said = {"names": _names(told, "tied"), "seats": told["tied_for"]}
        found.append((_("Tied, to vote again among them"), _("%(names)s; seats: %(seats)s") % said))
    if told["vacant"]:
        found.append((_("Seats that nobody reached"), str(told["vacant"])))
    return found


def _names(told: dict[str, Any], which: str) -> str:
    names = {one: name for one, name, _yes in told["votes"]}
    return _(", ").join(names[one] for one in told[which])


def decided(row: AnyRow) -> str:
    """What was decided, in one line: the resolution with its result, or who is elected."""
    said = _("%(label)s: %(sentence)s")
    if row.outcome is VoteOutcome.ELECTED:
        return said % {"label": row.outcome.label, "sentence": _names(row.result, "elected")}
    return said % {"label": row.wording, "sentence": row.outcome.label}


def _outcome(row: AnyRow) -> str:
    hint = _(
        "The two sides differ by one vote or none: on an important matter the decision may be put off and voted on "
        "again later (Party constitution, Art. 17)."
    )
    return str(row.outcome.label) + (" · " + hint if row.near_tie else "")

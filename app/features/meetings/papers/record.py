"""会议记录, one sheet an item; 签到表; 选票, 计票单, 结果报告单. Source of the forms: domain, meetings §10."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.tables import Table
from app.features.meetings.attendance.rules import Kind, State
from app.features.meetings.counted.queries import Counted, counted
from app.features.meetings.events import expected, guests, partners, queries
from app.features.meetings.events.models import MeetingEvent, MeetingItem
from app.features.meetings.events.rules import BESIDE, EventState, Joins
from app.features.meetings.minutes import queries as minutes
from app.features.meetings.resolutions import queries as resolutions
from app.features.meetings.resolutions import view
from app.features.meetings.resolutions.models import Election
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.queries import ListedPerson
from app.features.meetings.ticks.rules import Mark
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow

_EARLIER: Final = (
    select(func.count())
    .select_from(MeetingItem)
    .join(MeetingEvent, MeetingEvent.id == MeetingItem.event_id)
    .where(
        MeetingItem.kind == bindparam("kind", type_=MeetingItem.kind.type),
        or_(
            MeetingItem.group_id.is_(None), MeetingItem.group_id == bindparam("group", type_=MeetingItem.group_id.type)
        ),
        MeetingEvent.branch_id == bindparam("branch"),
        MeetingEvent.state != EventState.CANCELLED,
        queries.BETWEEN,
    )
)
_ARE_MEETINGS: Final = frozenset({Kind.MEMBERS_MEETING, Kind.COMMITTEE, Kind.GROUP, Kind.ORG_LIFE})
"""The others are something else by their own name: of a lecture or a theme day there is a record, no minutes."""
_CAME: Final = frozenset({Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY})


class FilledForm(NamedTuple):
    """One form: what it is called, and its lines."""

    title: str
    rows: Sequence[tuple[str, str]]


def records(session: Session, actor: Actor, event: MeetingEvent) -> list[FilledForm]:
    """The record of each item that the actor reads, from what was entered once."""
    card, read = queries.card(session, actor, event.id), minutes.readable(session, actor, event)
    items = {item.kind: item for item in queries.items(session, [event.id])[event.id]}
    there = expected.current(session, event)
    people = ticks.people(session, actor, event, there)
    votes = resolutions.standing(session, event.id, read)
    numbers = _numbers(session, event, people)
    return [
        FilledForm(
            _title(kind, _number(session, event, kind, kind in items and items[kind].group_id)),
            [
                (_("Time"), f"{formats.stamp(event.begins_at)} – {formats.time_of_day(event.ends_at)}"),
                (_("Place"), event.place or ""),
                (_("Chair"), (written and written.chair) or card.chair or ""),
                (_("Minutes taken by"), (written and written.recorder) or card.recorder or ""),
                *_spoken((written and written.speaker) or (kind in items and items[kind].speaker)),
                *numbers,
                (_("What it was about"), (written and written.topic) or ""),
                (_("What was discussed"), (written and written.text) or ""),
                *_voted([row for row in votes if row.kind is kind]),
            ],
        )
        for kind, written in read.items()
    ]


def sign_in_sheet(session: Session, actor: Actor, event: MeetingEvent) -> Table:
    """Who is expected, with what is known of each; blank before the meeting, to be signed."""
    people = ticks.people(session, actor, event, expected.current(session, event))
    rows = [
        (number, one.name, one.group or "", _sign(one), str(one.belongs.capacity.label) if _beside(one) else "")
        for number, one in enumerate(people, 1)
    ]
    return Table(_("Sign-in sheet"), (_("Number"), _("Name"), _("Group"), _("Signature or mark"), _("Remark")), rows)


def ballot(call: Election) -> Table:
    """The ballot, with room for a sign."""
    rows = [(number, name, "") for number, (_id, name) in enumerate(call.candidates, 1)]
    return Table(_("Ballot"), (_("Number"), _("Candidate"), _("Sign")), rows)


def tally(call: Election) -> Table:
    """The sheet on which the tellers count."""
    rows = [(number, name, "", "", "") for number, (_id, name) in enumerate(call.candidates, 1)]
    return Table(_("Tally sheet"), (_("Number"), _("Candidate"), _("For"), _("Against"), _("Abstained")), rows)


def report(row: AnyRow) -> Table:
    """The report of the result, in the words of its page."""
    return Table(_("Report of the result"), (_("Item"), _("Content")), view.lines(row))


def _numbers(session: Session, event: MeetingEvent, people: Sequence[ListedPerson]) -> list[tuple[str, str]]:
    who = counted(session, event)
    own = [one for one in people if one.id in who.own]
    beside = [one.name for one in people if _beside(one)] + [row.name for row in guests.guests(session, event.id)]
    others = [row.name for row in partners.partners(session, event.id) if row.answer is Joins.JOINED]
    came = [one for one in own if _state(one) is State.PRESENT]
    free = sum(_state(one) is State.NOT_EXPECTED for one in own)
    told = [
        (_("Should come"), _how_many(own, who)),
        (_("Came"), _how_many(came, who) if event.state is EventState.RECORDED else ""),
        (_("On leave"), _names(_with(one.name, one.word.label) for one in own if one.word and _is_away(one))),
        (_("Absent"), _names(one.name for one in own if _state(one) is State.ABSENT)),
        *([(_("Invited, need not come"), _("%(all)s people") % {"all": free})] if free else []),
        (_("Attending as guests"), _names(beside)),
        *([(_("Jointly with"), _names(others))] if others else []),
    ]
    return told if people else []


def _how_many(people: Collection[ListedPerson], who: Counted) -> str:
    """How many people, and how many of them have a vote; a group has none to give."""
    voters = frozenset(who.own) if who.committee else who.full - who.resting
    both = _("%(all)s, with a vote %(votes)s") if voters else _("%(all)s people")
    return both % {"all": len(people), "votes": sum(one.id in voters for one in people)}


def _title(kind: Kind, number: int) -> str:
    told = {"kind": kind.label, "number": number}
    return (_("%(kind)s (no. %(number)s)") if kind in _ARE_MEETINGS else _("%(kind)s, record no. %(number)s")) % told


def _voted(rows: Collection[AnyRow]) -> list[tuple[str, str]]:
    told = []
    for row in rows:
        lines = [_("%(label)s: %(sentence)s") % {"label": label, "sentence": text} for label, text in view.lines(row)]
        told.append((_("Vote"), "\n".join(lines)))
        told.append((_("Resolution"), view.decided(row)))
    return told


def _spoken(speaker: Any) -> list[tuple[str, str]]:
    return [(_("Who speaks"), str(speaker))] if speaker else []


def _number(session: Session, event: MeetingEvent, kind: Kind, group: Any) -> int:
    """Which one of the year it is: of the branch, or of the ``group`` that met."""
    first = clock.local_day(event.begins_at).replace(month=1, day=1)
    asked = {
        "kind": kind,
        "group": group or None,
        "branch": event.branch_id,
        "since": clock.midnight(first),
        "until": event.begins_at,
    }
    return session.scalar(_EARLIER, asked) or 1


def _names(names: Iterable[str]) -> str:
    return _(", ").join(names)


def _with(name: str, what: object) -> str:
    return _("%(name)s (%(what)s)") % {"name": name, "what": what}


def _state(one: ListedPerson) -> State | None:
    return one.tick.said.state if one.tick else None


def _is_away(one: ListedPerson) -> bool:
    return _state(one) is State.LEAVE


def _beside(one: ListedPerson) -> bool:
    return one.belongs.capacity in BESIDE


def _sign(one: ListedPerson) -> str:
    """✓, or in a word what else is known; nothing where it is not."""
    if one.word is None or one.word in (Mark.NOT_EXPECTED, State.NOT_EXPECTED):
        return ""
    sign = "✓" if one.word in _CAME else ""
    return sign if one.word is Mark.PRESENT else f"{sign} {one.word.label}".strip()

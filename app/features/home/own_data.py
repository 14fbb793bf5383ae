"""Everything the house keeps about one person, for that person to take along. Secrets are no data: they stay out."""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section, section
from app.core.tables import Cell, Table, write_tables
from app.core.words import Word
from app.features.audit.rules import in_words
from app.features.home import notice, queries
from app.features.home.purposes import columns_of
from app.features.ledger.rules import GRADES
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import OrganisationKind, Permission
from app.features.notices import queries as notices
from app.features.notices.models import SilencedSource
from app.features.notices.sources import sources
from app.features.reviews.kinds import labels
from app.features.sign_in import known_devices
from app.features.sign_in.factors.queries import own_factors
from app.features.sign_in.outside import links
from app.features.sign_in.queries import devices
from app.features.streams import EVERY

_DAYS: Final = {"starts_on": _("From"), "ends_on": _("Until")}


def _person(home: OrganisationKind) -> Section:
    return Section(
        "member",
        _("Person"),
        columns_of(home),
        lambda session, actor: [members.member_card(session, actor.member_id)],
    )


SECTIONS: Final = (
    Section(
        "posts",
        _("Posts"),
        {"role": _("Post"), "place": _("Organisation"), **_DAYS},
        lambda session, actor: members.terms_of(session, actor.member_id),
        of_collectors=True,
    ),
    Section(
        "exemptions",
        _("Exemptions"),
        {"kind": _("Reason"), **_DAYS, "note": _("Remark")},
        lambda session, actor: members.exemptions_of(session, actor.member_id),
    ),
    Section(
        "records",
        _("Records"),
        {
            "id": _("Id"),
            "title": _("What"),
            "occurred_on": _("Day"),
            "submitted_at": _("Arrived"),
            "recorded_by": _("Recorded by"),
            "status": _("State"),
            "decided_by": _("Decided by"),
            "decided_at": _("Decided at"),
            "reason": _("Reason"),
        },
        queries.own_records,
    ),
    *(section for stream in EVERY for section in stream.own_data),
    Section(
        "reminders",
        _("Reminders"),
        {"raised_at": _("When"), "sentence": _("What"), "state": _("State")},
        notices.all_of_own,
    ),
    section(
        "silenced",
        _("Reminders switched off"),
        {SilencedSource.source: _("What")},
        mine=SilencedSource.member_id,
        by=(SilencedSource.source,),
        words={"source": lambda name: next((str(one.label) for one in sources() if one.name == name), name)},
    ),
    notice.OWN,
    Section(
        "devices",
        _("Devices"),
        {"device": _("Device"), "created_at": _("Signed in"), "used_at": _("Last used")},
        devices,
        of_collectors=True,
    ),
    Section(
        "known_devices",
        _("Known devices"),
        {"device": _("Device"), "used_at": _("Signed in")},
        known_devices.own,
        of_collectors=True,
    ),
    Section(
        "second_factors",
        _("Two-step sign-in"),
        {"label": _("Device"), "kind": _("Kind"), "created_at": _("Added"), "used_at": _("Last used")},
        own_factors,
        of_collectors=True,
    ),
    Section(
        "outside_links",
        _("Linked ways of signing in"),
        {"way": _("Way of signing in"), "label": _("Account there"), "made_by": _("How"), "linked_at": _("Linked")},
        links.own,
        of_collectors=True,
    ),
    Section(
        "changes",
        _("Changes"),
        {"at": _("When"), "action": _("What"), "actor": _("By"), "changes": _("Before and after")},
        queries.changes_to_own_data,
        of_collectors=True,
    ),
)


def held(session: Session, actor: Actor) -> Iterator[tuple[Section, Sequence[Any]]]:
    """What is kept of the actor, by section with its rows.

    The sections of members stand in the file of somebody else, who works for a community, only where something is kept.
    """
    is_member = actor.may(Permission.BE_MEMBER)
    person = _person(OrganisationKind.BRANCH if is_member else OrganisationKind.COMMUNITY)
    for each in (person, *SECTIONS):
        rows = each.rows(session, actor)
        if is_member or each.of_collectors or rows:
            yield each, rows


def as_json(session: Session, actor: Actor) -> bytes:
    """All sections for machines: ISO days and moments, words of the database, quantities as numbers."""
    kept: dict[str, Any] = {"exported_at": clock.local_time(clock.now()).isoformat(timespec="seconds")}
    for each, rows in held(session, actor):
        kept[each.name] = [{name: _plain(name, getattr(row, name)) for name in each.columns} for row in rows]
    return json.dumps(kept, ensure_ascii=False, indent=1).encode()


def as_xlsx(session: Session, actor: Actor) -> bytes:
    """The same for people: a sheet for each section, in the reader's language."""
    return write_tables(
        Table(
            str(section.title),
            [str(label) for label in section.columns.values()],
            [[_cell(section, name, getattr(row, name)) for name in section.columns] for row in rows],
        )
        for section, rows in held(session, actor)
    )


def _plain(name: str, value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return clock.local_time(value).isoformat(timespec="seconds")
        case date() | UUID():
            return str(value)
        case bytes():
            return b64encode(value).decode()
        case int() if name == "quantity":
            return value / 100
        case _:
            return value


def _cell(section: Section, name: str, value: Any) -> Cell:
    return section.words[name](value) if name in section.words else _in_words(name, value)


def _in_words(name: str, value: Any) -> Cell:
    match value:
        case Word():
            return str(value.label)
        case datetime():
            return clock.local_time(value).strftime("%Y-%m-%d %H:%M")
        case bool():
            return str(_("yes") if value else _("no"))
        case dict():
            said = in_words(value, labels())
            return str(_("; ")).join(f"{field}: {before or '–'} → {after or '–'}" for field, before, after in said)
        case str() if name == "grade" and value:
            return str(GRADES[value].label)
        case _:
            plain = _plain(name, value)
            return plain if plain is None or isinstance(plain, int | float) else str(plain)

"""Micro-wishes 微心愿, as the house knows them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.stream import OwnPage, Stream, SweepStep, in_one_unit
from app.features.wishes import own_data
from app.features.wishes.carrying import claims
from app.features.wishes.carrying.revisits import WISH
from app.features.wishes.contacts import service as contacts
from app.features.wishes.desk import queries
from app.features.wishes.desk import service as publishing
from app.features.wishes.due import WISHES as REMINDERS
from app.features.wishes.intake.captures import WISH_DRAFT
from app.features.wishes.residents import service as residents
from app.features.wishes.rules import NEED_LENGTH, TITLE_LENGTH, Category

_LIMITS: Final[Mapping[str, int]] = {"title": TITLE_LENGTH, "need": NEED_LENGTH}
"""Characters of the text."""


def lists(session: Session, actor: Actor) -> Mapping[str, Any]:
    """Where the actor collects wishes, and the words of the form: no contact, and no wish."""
    if not actor.may(Permission.COLLECT_WISHES):
        return {"wish": None}
    places = ((row.id, row.name) for row in communities.collected(session, actor))
    return {
        "wish": {"community_id": _choices(places), "category": _choices(Category.choices()), "limits": dict(_LIMITS)}
    }


def _choices(pairs: Iterable[tuple[object, object]]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in pairs]


WISHES: Final = Stream(
    name="wishes",
    routes=(
        "app.features.wishes.residents.routes",
        "app.features.wishes.imports.routes",
        "app.features.wishes.reports.routes",
        "app.features.wishes.stories.routes",
        "app.features.wishes.routes",
        "app.features.wishes.carrying.routes",
        "app.features.wishes.wisher.routes",
        "app.features.wishes.contacts.routes",
        "app.features.wishes.desk.routes",
        "app.features.wishes.intake.routes",
    ),
    captures=(WISH_DRAFT,),
    fact_sources=(WISH,),
    reminders=(REMINDERS,),
    lists=lists,
    queues=queries.queues,
    week=queries.week,
    pages=(OwnPage("/wishes", "heart", _("Wishes"), is_tab=True),),
    own_data=own_data.SECTIONS,
    purposes={
        "wishes": Purpose(
            _("Wishes you have claimed"),
            _("your branch, and those that look after the same community"),
            _("so that each wish has one pair of hands"),
        )
    },
    sweep=(
        SweepStep(
            _("Contacts of wishers, erased 90 days after the end: %(number)s."),
            in_one_unit(contacts.purge),
            erases=True,
        ),
        SweepStep(
            _("Wishes from residents that nobody read in 90 days, erased: %(number)s."),
            in_one_unit(residents.sweep),
            erases=True,
        ),
        SweepStep(_("Wishes not handed over in time, open again: %(number)s."), in_one_unit(claims.return_overdue)),
        SweepStep(_("Wishes whose day has passed: %(number)s."), in_one_unit(claims.expire)),
        SweepStep(_("Wishes published with their round: %(number)s."), in_one_unit(publishing.publish_due)),
    ),
)

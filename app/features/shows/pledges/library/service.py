"""Changing the library of a branch. With the first change the branch makes it its own."""

from dataclasses import asdict
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.members.actor import Actor
from app.features.shows.pledges.branch_settings import held_settings
from app.features.shows.pledges.errors import SuggestionTakenError
from app.features.shows.pledges.library.queries import as_it_came
from app.features.shows.pledges.models import PledgeSuggestion
from app.features.shows.pledges.rules import Audience, Side

_SUGGESTIONS: Final = cast(Table, PledgeSuggestion.__table__)
_TAKEN: Final = {"uq_pledge_suggestions_text": SuggestionTakenError}


def add(
    session: Session, actor: Actor, *, audience: Audience, keyword: str | None, side: Side, text: str, sign: str
) -> None:
    """Add a line.

    Raises:
        SuggestionTakenError: there is one with these words.
    """
    _make_own(session, actor)
    with refusing(session, _TAKEN):
        session.add(
            PledgeSuggestion(
                id=new_id(),
                branch_id=actor.branch_id,
                audience=audience,
                keyword=keyword,
                side=side,
                text=text,
                sign=sign,
                changed_by_id=actor.member_id,
            )
        )


def change(session: Session, actor: Actor, *, suggestion_id: UUID, **said: Any) -> None:
    """Say a line in other words; ``said`` are the values of ``SuggestionForm``.

    Raises:
        NotFoundError: the branch has no such line.
        SuggestionTakenError: another one has these words.
    """
    _make_own(session, actor)
    line = session.scalars(
        select(PledgeSuggestion).where(
            PledgeSuggestion.id == suggestion_id, PledgeSuggestion.branch_id == actor.branch_id
        )
    ).one_or_none()
    if line is None:
        raise NotFoundError
    with refusing(session, _TAKEN):
        for name, value in said.items():
            setattr(line, name, value)
        line.changed_by_id, line.changed_at = actor.member_id, clock.now()


def remove(session: Session, actor: Actor, *, suggestion_id: UUID) -> None:
    """Remove a line. Twice is once."""
    _make_own(session, actor)
    session.execute(
        delete(PledgeSuggestion)
        .where(PledgeSuggestion.id == suggestion_id, PledgeSuggestion.branch_id == actor.branch_id)
        .execution_options(synchronize_session=False)
    )


def _make_own(session: Session, actor: Actor) -> None:
    """Copy what came with the product into the branch's own rows, unless that has happened."""
    settings = held_settings(session, actor)
    if settings.has_own_library:
        return
    now = clock.now()
    rows = [
        asdict(line) | {"branch_id": actor.branch_id, "changed_by_id": None, "changed_at": now}
        for line in as_it_came(actor.branch_id)
    ]
    session.execute(insert(_SUGGESTIONS), sorted(rows, key=lambda row: row["id"]))
    settings.has_own_library, settings.changed_by_id, settings.changed_at = True, actor.member_id, now
    session.flush()

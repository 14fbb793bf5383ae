"""Who of several of one name is meant by a row: chosen once on the page, and kept with the upload."""

from collections.abc import Mapping
from typing import Final, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.imports.lists import AnyList
from app.features.imports.models import Upload
from app.features.imports.service import plan, upload_of
from app.features.members.actor import Actor

_CHOSEN: Final = "chosen"


def chosen(upload: Upload) -> Mapping[str, str]:
    """Who was chosen for which rows, by their place: ids as text."""
    return cast(Mapping[str, str], upload.choices.get(_CHOSEN, {}))


def choose(session: Session, actor: Actor, kind: AnyList, *, upload_id: UUID, place: str, who: UUID) -> None:
    """Keep who is meant by a row; on an upload that is confirmed nothing is chosen any more.

    Raises:
        NotFoundError: as for ``upload_of``, or the row may not mean that one.
    """
    upload = upload_of(session, actor, kind, upload_id, hold=True)
    if kind.choose is None:
        raise NotFoundError
    if upload.confirmed_at is None:
        picked = kind.choose(plan(session, actor, kind, upload).rows, place, who)
        upload.choices = {**upload.choices, _CHOSEN: {**chosen(upload), **picked}}
        session.flush()

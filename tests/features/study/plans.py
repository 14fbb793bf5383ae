"""Plans and materials for tests: items of November 2026, and texts to read."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.study.materials import service as materials
from app.features.study.materials.rules import NewMaterial
from app.features.study.plan import service
from app.features.study.plan.rules import NewItem
from app.features.study.rules import StudyKind
from tests.makers import Person

NOVEMBER: Final = date(2026, 11, 1)
NOW: Final = datetime(2026, 11, 3, 2, tzinfo=UTC)
TITLE: Final = "《党章》总纲"


def make_item(session: Session, by: Person, title: str = TITLE, **said: Any) -> UUID:
    """An item of self-study of ``by``'s branch in November, unless said otherwise."""
    owner_id, month = said.pop("owner_id", by.branch_id), said.pop("month", NOVEMBER)
    new, item_id = NewItem(**{"title": title, "kind": StudyKind.SELF_STUDY, **said}), new_id()
    service.add(session, by.actor, owner_id=owner_id, month=month, news={item_id: new})
    return item_id


def make_material(session: Session, by: Person, title: str = "总纲导读", **said: Any) -> UUID:
    """A short text of ``by``'s branch, unless said otherwise."""
    owner_id = said.pop("owner_id", by.branch_id)
    new = NewMaterial(title=title, **(said or {"body": "第一段。\n第二段。", "licence": "本支部整理"}))
    return materials.add(session, by.actor, material_id=new_id(), owner_id=owner_id, new=new)

"""What the house wants of a kind of record: how it is decided, how phones record it, and what its owner reads."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section, section
from app.features.records import service
from app.features.records.forms import RecordPayload, fields_of, payload_model, texts_of
from app.features.records.kinds import RecordKind
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.sync.captures import CapturedKind, FormOnPhone, OnPhone, keep_out, reviewed_kind


def review_kind(kind: RecordKind[Any], **otherwise: Any) -> ReviewKind:
    """How it is decided. ``otherwise`` are fields of a ``ReviewKind`` that this kind says in a way of its own."""
    said: dict[str, Any] = {
        "name": kind.name,
        "label": kind.label,
        "facts": lambda session, of: facts(session, kind, of),
        "fact_types": kind.fact_types,
        "describe": kind.describe,
        "particulars": lambda session, record_id: service.particulars(session, kind, record_id),
        "listed_at": kind.home,
        "correction": f"{kind.home}/new?corrects={{id}}",
        "alike": lambda session, review: service.others_alike(session, kind, review),
        "on_withdrawn": keep_out,
    }
    return ReviewKind(**(said | otherwise))


def facts(session: Session, kind: RecordKind[Any], of: Sequence[Review]) -> Mapping[UUID, FactDraft]:
    """What these bring when they are approved."""
    rows = kind.lists.whole(session, [review.id for review in of])
    return {record_id: kind.fact(row) for record_id, row in rows.items()}


def captured_kind(
    kind: RecordKind[Any], payload: type[RecordPayload] | None = None, **otherwise: Any
) -> CapturedKind[Any]:
    """How phones record it.

    Args:
        kind: of what records.
        payload: what phones send, if not its content as it stands.
        otherwise: fields of an ``OnPhone`` that this kind says in a way of its own.
    """
    page, payload = f"{kind.home}/new", payload or payload_model(kind.content)
    on_phone: dict[str, Any] = {
        "icon": kind.icon,
        "label": kind.label,
        "part": kind.room,
        "page": page,
        "stands_in_for": page,
        "repairable": True,
        "returned": kind.returned,
        "form": FormOnPhone(
            action=f"{kind.home}/records",
            template=f"{kind.room}/fields.html",
            fields=fields_of(payload),
            note=" ".join(kind.line),
            clear=texts_of(kind.content),
            untitled=kind.untitled,
        ),
    }
    return reviewed_kind(
        name=kind.name,
        payload=payload,
        new=lambda item: service.new_of_item(kind, item),
        record=lambda session, news: service.record_all(session, kind, news),
        words={name: said.label for name, said in kind.fields.items()} | {"day": _("Day")},
        on_phone=OnPhone(**(on_phone | otherwise)),
    )


def own_data(kind: RecordKind[Any]) -> Section:
    """What is kept of it about a person, and how it came."""
    model = kind.model
    own = {getattr(model, name): said.column or said.label for name, said in kind.fields.items() if name != "title"}
    return section(
        kind.room,
        kind.label,
        {
            model.id: _("Id"),
            model.title: _("What"),
            model.occurred_on: _("Day"),
            **own,
            model.device_time: _("Time on the phone"),
            model.made_offline: _("Without a network"),
        },
        mine=model.member_id,
        by=(model.occurred_on, model.id),
    )

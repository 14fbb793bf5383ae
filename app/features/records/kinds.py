"""A kind of record in one value: what it says of itself. What the rest of the house wants of it follows from that."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Generic, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy import inspect as mapped
from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section, section
from app.core.rows import check_same
from app.features.ledger.rules import FactType
from app.features.members.actor import Actor
from app.features.records.forms import RecordForm, RecordPayload, fields_of, form_model, payload_model, texts_of
from app.features.records.models import Recorded
from app.features.records.queries import AnyRow, Lists
from app.features.records.rules import C, Captured, NewRecord, captured_by_phone, flags_found
from app.features.records.service import captured_by_form, others_alike, when
from app.features.reviews import service as reviews
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.sync.captures import CapturedKind, FormOnPhone, OnPhone, keep_out, reviewed_kind
from app.features.sync.items import Item

Particulars = Sequence[tuple[LazyText | str, str]]
"""Pairs of label and text."""


@dataclass(frozen=True, kw_only=True)
class RecordKind(Generic[C]):
    """A kind of record of a day: what it says, and how it is kept, shown, decided and counted.

    What follows from it is made once and kept: the house knows a kind of review or of capture by its identity.
    """

    name: str
    """Of its reviews and of what phones send; also the source of its facts."""
    room: str
    """The first word of its addresses, letters alone; the folder of its templates and its part of the capture page."""
    label: LazyText
    icon: str
    """One of ``web/icons/icons.svg``."""
    model: type[Recorded]
    content: type[C]
    alike: Callable[[Any, Mapping[UUID, Any]], Mapping[UUID, Any]]
    """Of the other records of a member's day, by id, those for which one may be recorded twice. Each of them, and the
    one, is the content of a new record or a stored row: it reads nothing but fields of the content."""
    words: Mapping[str, LazyText]
    """What the fields are called on the screen, for the sentence that says which of them is wrong."""
    columns: Mapping[str, LazyText]
    """What the own columns are called in own data, in their order."""
    line: Sequence[str]
    """The fields of which ``describe`` makes a line: the only ones that the review keeps too (``Review.detail``). Where
    there is no title a phone says the choice of the first one (``capture-form.js``)."""
    describe: Callable[[Mapping[str, Any]], str]
    """That line under the title, for the member too."""
    shown: Callable[[AnyRow], str] | None = None
    """The same in the own list, where the title may have said a part of it."""
    told: Callable[[AnyRow], Particulars]
    """What else an officer reads of one record; when it was is said of every record."""
    returned: LazyText
    """What a phone says of one that an officer gave back: where it is corrected."""
    fact: Callable[[AnyRow], FactDraft]
    """What an approved one brings."""
    fact_types: Sequence[FactType]
    """The types of these facts, first what they are when all goes well."""
    no_fact: Callable[[Session, Sequence[Review], Collection[AnyRow]], Collection[UUID]] = lambda *asked: ()
    """Of records that are approved, those that bring none."""
    untitled: Callable[[C], LazyText] | None = None
    """What one without a title is called; its ``label`` if this is not said."""
    found_when_stored: Callable[[Session, Sequence[NewRecord[C]]], Mapping[UUID, Mapping[str, Any]]] = (
        lambda session, news: {}
    )
    """Columns that nobody says, of each of these: what is found out when they are stored."""
    payload: type[RecordPayload] | None = None
    """What phones send, if it is more than the content."""
    stands_in_for: str = ""
    """See ``OnPhone``: the page of the form, if this is not said."""
    is_session: Callable[[Mapping[str, Any]], bool] = lambda detail: False
    """See ``ReviewKind``."""

    @property
    def home(self) -> str:
        """The address of the own list."""
        return f"/{self.room}"

    @cached_property
    def lists(self) -> Lists:
        """What is read of it."""
        return Lists(self.model)

    @cached_property
    def form(self) -> type[RecordForm]:
        """What is typed."""
        return form_model(self.content)

    @cached_property
    def review_kind(self) -> ReviewKind:
        """How it is decided."""
        return ReviewKind(
            name=self.name,
            label=self.label,
            facts=self._facts,
            fact_types=self.fact_types,
            describe=self.describe,
            particulars=self._particulars,
            listed_at=self.home,
            corrected_at=f"{self.home}/new?corrects={{id}}",
            alike=others_alike(self.lists, self.alike, self.about),
            is_session=self.is_session,
            on_withdrawn=keep_out,
        )

    @cached_property
    def captured_kind(self) -> CapturedKind[Any]:
        """How phones record it."""
        page, payload = f"{self.home}/new", self.payload or payload_model(self.content)
        return reviewed_kind(
            name=self.name,
            payload=payload,
            new=self._of_item,
            record=self.record_all,
            words={**self.words, "day": _("Day")},
            on_phone=OnPhone(
                icon=self.icon,
                label=self.label,
                part=self.room,
                page=page,
                stands_in_for=self.stands_in_for or page,
                repairable=True,
                returned=self.returned,
                form=FormOnPhone(
                    action=f"{self.home}/records",
                    template=f"{self.room}/fields.html",
                    fields=fields_of(payload),
                    note=" ".join(self.line),
                    clear=texts_of(self.content),
                    untitled=None if self.untitled else self.label,
                ),
            ),
        )

    @cached_property
    def own_data(self) -> Section:
        """What is kept of it about a person, and how it came."""
        model = self.model
        own = {getattr(model, name): label for name, label in self.columns.items()}
        return section(
            self.room,
            self.label,
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

    def about(self, row: AnyRow) -> str:
        """``describe`` of what is stored."""
        return self.describe({name: getattr(row, name) for name in self.line})

    def in_list(self, row: AnyRow) -> str:
        """The line under the title in the own list."""
        return self.shown(row) if self.shown else self.about(row)

    def record(
        self,
        session: Session,
        actor: Actor,
        *,
        id: UUID,  # noqa: A002 (what it is)
        day: date,
        member_id: UUID | None = None,
        corrects_id: UUID | None = None,
        **said: Any,
    ) -> Review:
        """Record what the actor did on ``day`` or, for officers, what another member of the branch did.

        Raises:
            FutureDayError, LongAgoError, NotFoundError: see ``service.captured_by_form``.
            ContentDiffersError, NotYoursError, NotCorrectableError: see ``record_all``.
        """
        captured = captured_by_form(session, actor, id=id, day=day, member_id=member_id)
        return self.record_all(session, [self._new(captured, said, corrects_id=corrects_id)])[0]

    def record_all(self, session: Session, news: Iterable[NewRecord[C]]) -> list[Review]:
        """Store records and let them wait for an officer; one that came before is given back as it stands today.

        The number of statements does not depend on the number of records. They come back sorted by id.

        Raises:
            ContentDiffersError, NotYoursError: an id is taken.
            NotCorrectableError: one corrects what is not a returned record of the member, or was corrected already.
            AppError: see the kind's ``found_when_stored``.
        """
        table, records = cast(Table, mapped(self.model).local_table), sorted(news, key=lambda record: record.id)
        found, overlaps = self.found_when_stored(session, records), self._overlaps(session, records)
        submitted = reviews.submit(session, [self._review(record, overlaps[record.id]) for record in records])
        rows = [
            ({**self._row(record), **found.get(record.id, {})}, is_new)
            for record, (_review, is_new) in zip(records, submitted, strict=True)
        ]
        # The moment is not compared: a form sent twice has two.
        said = (*self.content.model_fields, "occurred_on")
        check_same(session, table, [row for row, is_new in rows if not is_new], said=said)
        if new := [row for row, is_new in rows if is_new]:
            session.execute(table.insert(), new)
        return [review for review, _is_new in submitted]

    def _new(self, captured: Captured, said: Mapping[str, Any], *, corrects_id: UUID | None = None) -> NewRecord[C]:
        content = self.content(**said)
        if not content.title:
            content.title = str(self.untitled(content) if self.untitled else self.label)
        return NewRecord(**captured, said=content, corrects_id=corrects_id)

    def _of_item(self, item: Item[Any]) -> NewRecord[C]:
        return self._new(
            captured_by_phone(item), {name: getattr(item.payload, name) for name in self.content.model_fields}
        )

    def _overlaps(self, session: Session, records: Sequence[NewRecord[C]]) -> dict[UUID, bool]:
        """Which of them are much like another record of their day. Records of one batch are neighbours too."""
        members, days = {record.member_id for record in records}, {record.occurred_on for record in records}
        known = self.lists.neighbours(session, members, days)
        found = {}
        for record in records:
            there = known.setdefault((record.member_id, record.occurred_on), {})
            others = {key: row for key, row in there.items() if key != record.id}
            found[record.id] = bool(self.alike(record.said, others))
            there[record.id] = record.said
        return found

    def _review(self, record: NewRecord[C], overlaps: bool) -> NewReview:
        return NewReview(
            id=record.id,
            kind=self.name,
            branch_id=record.branch_id,
            member_id=record.member_id,
            recorded_by_id=record.recorded_by_id,
            title=record.said.title,
            detail=record.said.model_dump(mode="json", include=set(self.line)),
            occurred_on=record.occurred_on,
            submitted_at=record.received_at,
            flags=flags_found(record, overlaps=overlaps),
            corrects_id=record.corrects_id,
        )

    def _row(self, record: NewRecord[C]) -> dict[str, Any]:
        columns = mapped(self.model).columns.keys()
        of_all = {name: getattr(record, name) for name in Captured.__annotations__ if name in columns}
        return of_all | record.said.model_dump()

    def _facts(self, session: Session, of: Sequence[Review]) -> dict[UUID, FactDraft]:
        rows = self.lists.whole(session, [review.id for review in of])
        without = self.no_fact(session, of, rows.values())
        return {key: self.fact(row) for key, row in rows.items() if key not in without}

    def _particulars(self, session: Session, review_id: UUID) -> Particulars:
        row = self.lists.whole(session, [review_id])[review_id]
        return [*self.told(row), *when(row)]

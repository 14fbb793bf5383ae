"""A fact in words: what it was, how much of it, and how it came into the ledger."""

from uuid import UUID

from app.core.clock import local_day
from app.core.formats import short_day
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.features.ledger import fact_sources
from app.features.ledger.queries import FactRow
from app.features.ledger.rules import GRADES, shape
from app.features.reviews.kinds import kinds, page_of
from app.features.scores.sheet import LimitKind, SheetStep


def title(fact: FactRow) -> str:
    """What it was about, in the words of the record where it has some."""
    return fact.matter or fact.note or str(fact.fact_type.label)


def kind(fact: FactRow, below: LazyText | None = None) -> str:
    """What kind of fact it is, with its grade or quantity; empty when the title or the heading has said it all."""
    label = str(fact.fact_type.label)
    said = [] if label in (title(fact), str(below)) else [label]
    if fact.grade:
        said.append(str(GRADES[fact.grade].label))
    if measure := shape(fact.fact_type).said(fact.quantity):
        said.append(measure)
    return " · ".join(said)


def source(fact: FactRow) -> str:
    """Which stream it came from; empty where an officer entered it straight into the ledger."""
    labels = {kind.name: kind.label for kind in kinds()} | fact_sources.labels()
    return str(labels.get(fact.source, ""))


def page(fact: FactRow) -> str | None:
    """Where the member finds the record it comes from, if there is such a page."""
    if not fact_sources.has_pages(fact.source):
        return None
    return page_of(fact.source, fact.source_id) or fact_sources.page_of(fact.source, fact.source_id)


def hands(fact: FactRow, member_id: UUID) -> str:
    """Who recorded it, if not the member, and who confirmed it."""
    said = []
    if fact.recorded_by_id != member_id:
        said.append(_("recorded by %(name)s") % {"name": fact.recorded_by})
    if fact.confirmed_by:
        said.append(_("confirmed by %(name)s") % {"name": fact.confirmed_by})
    return " · ".join(said)


def beyond(step: SheetStep | None, share: int | None) -> str:
    """Why a fact gave nothing, where a limit of its step is the reason; else empty."""
    if step is None or share != 0 or all(limit.kind is LimitKind.SHOWN for limit in step.limits):
        return ""
    return _("beyond the limit, without points")


def taken_back(fact: FactRow) -> str:
    """When, by whom and why it was taken back."""
    said = {"day": short_day(local_day(fact.reversed_at)), "name": fact.reversed_by, "why": fact.reversed_because}
    if fact.reversed_because:
        return _("taken back on %(day)s by %(name)s: %(why)s") % said
    return _("taken back on %(day)s by %(name)s") % said

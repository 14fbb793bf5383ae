"""What officers see of a pledge 审诺 and of how it ended 评诺, and which fact the second brings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.core import formats
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.rows import IDS, AnyRow
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges import peers, queries
from app.features.shows.pledges.errors import EndedOnceError
from app.features.shows.pledges.hints import hints
from app.features.shows.pledges.models import Pledge, PledgeOutcome
from app.features.shows.pledges.rules import Ending, Side, day_of_fact, fact_type_of
from app.features.shows.pledges.view import PAGE, ShownPledge
from app.features.webhooks.rules import Happening
from app.features.webhooks.telling import ToldEvent, tell

_Other, _OtherReview = aliased(PledgeOutcome), aliased(Review)
_ENDED_ALREADY: Final = (
    select(Pledge.text)
    .join(PledgeOutcome, PledgeOutcome.pledge_id == Pledge.id)
    .join(_Other, (_Other.pledge_id == PledgeOutcome.pledge_id) & (_Other.id != PledgeOutcome.id))
    .join(_OtherReview, _OtherReview.id == _Other.id)
    .where(PledgeOutcome.id.in_(IDS), or_(_OtherReview.status == ReviewStatus.APPROVED, _Other.id.in_(IDS)))
)
_ENDS_HELD: Final = (
    select(PledgeOutcome.id)
    .where(PledgeOutcome.pledge_id.in_(select(_Other.pledge_id).where(_Other.id.in_(IDS))))
    .order_by(PledgeOutcome.id)
    .with_for_update(key_share=True)
)
"""All that was ever said of how these pledges ended, held: officers who decide on two of it do so one by one.

Not the pledges: whoever says or withdraws something holds those before the reviews, and a decision the reviews first.
"""
Particulars = list[tuple[LazyText | str, str]]
COMMITTEE: Final = lazy_gettext("approving counts as the committee's confirmation")
"""Who approves an objective reason does so for the branch committee."""


def pledge_detail(*, side: Side, text: str, sign: str, due_on: date) -> dict[str, Any]:
    """What ``describe_pledge`` needs."""
    return {"side": side.value, "text": text, "sign": sign, "due_on": due_on.isoformat()}


def describe_pledge(detail: Mapping[str, Any]) -> str:
    """``Work · by 30 Jun · Sign: five answers in the file``."""
    said = [
        str(Side(detail["side"]).label),
        _("by %(day)s") % {"day": formats.short_day(date.fromisoformat(detail["due_on"]))},
        _("Evidence: %(sign)s") % {"sign": detail["sign"]},
    ]
    return " · ".join(said)


def advise_on_pledge(detail: Mapping[str, Any]) -> list[str]:
    """``perhaps hollow``: what the officer may want to ask about."""
    return [str(hint.label) for hint in hints(detail["text"], detail["sign"])]


def pledge_particulars(session: Session, review_id: UUID) -> Particulars:
    """The pledge, and what could be asked about it."""
    pledge = queries.several(session, [review_id])[review_id]
    told = _particulars(pledge)
    told += [(_("Hint"), str(hint)) for hint in pledge.hints]
    if pledge.copied_from_id is not None:
        last = queries.several(session, [pledge.copied_from_id])[pledge.copied_from_id]
        told.append((_("Last year"), f"{last.text} · {last.state_label}"))
    return told


def outcome_detail(*, sign: str, outcome: Ending, said: str | None) -> dict[str, Any]:
    """What ``describe_outcome`` needs."""
    return {"sign": sign, "ending": outcome.value, "said": said}


def describe_outcome(detail: Mapping[str, Any]) -> str:
    """``Kept · Sign: five answers in the file``."""
    outcome = Ending(detail["ending"])
    said = [str(outcome.label), *([detail["said"]] if detail["said"] else [])]
    said.append(_("Evidence: %(sign)s") % {"sign": detail["sign"]})
    return " · ".join(said)


def advise_on_outcome(detail: Mapping[str, Any]) -> list[str]:
    """That the word on an objective reason is the committee's."""
    return [str(COMMITTEE)] if Ending(detail["ending"]) is Ending.EXCUSED else []


def outcome_facts(session: Session, reviews: Sequence[Review]) -> dict[UUID, FactDraft]:
    """Kept, missed or excused, on the day the pledge was due or, if that is earlier, its end was said.

    Raises:
        EndedOnceError: another end of the same pledge stands approved; two wait only when a return was undone.
    """
    ids = [review.id for review in reviews]
    session.execute(_ENDS_HELD, {"ids": ids})
    if ended_already := session.scalars(_ENDED_ALREADY, {"ids": ids}).first():
        raise EndedOnceError(text=ended_already)
    ended = queries.outcomes(session, ids)
    return {
        row.id: FactDraft(
            fact_type_of(row.outcome), day_of_fact(said_on=row.said_on, due_on=row.due_on), note=_note(row.text, row)
        )
        for row in ended
    }


def _tell_of_ends(session: Session, reviews: Sequence[Review]) -> None:
    ended = queries.outcomes(session, [review.id for review in reviews])
    branches = {review.id: review.branch_id for review in reviews}
    tell(session, [ToldEvent(Happening.PLEDGE_ENDED, row.pledge_id, branches[row.id]) for row in ended])


def outcome_particulars(session: Session, review_id: UUID) -> Particulars:
    """What was pledged, how it is said to have ended, what was said on the way, and the words of colleagues."""
    (row,) = queries.outcomes(session, [review_id])
    pledge = queries.several(session, [row.pledge_id])[row.pledge_id]
    told: Particulars = [(_("How it ended"), str(row.outcome.label))]
    if row.said:
        told.append((_("Objective reason") if row.outcome is Ending.EXCUSED else _("In a sentence"), row.said))
    if row.outcome is Ending.EXCUSED:
        told.append((_("Confirmation"), str(COMMITTEE)))
    told += _particulars(pledge)
    for said in pledge.progress:
        quarter = _("Quarter %(n)s") % {"n": said.quarter}
        told.append((quarter, " · ".join([str(said.label), *([said.note] if said.note else [])])))
    told += [
        (word.name, " · ".join(peers.in_words(word)))
        for word in peers.words_about(session, [pledge.id]).get(pledge.id, ())
    ]
    return told


def _particulars(pledge: ShownPledge) -> Particulars:
    return [
        (_("Pledge"), pledge.text),
        (_("Side"), str(pledge.side.label)),
        (_("Evidence of completion"), pledge.sign),
        (_("Due"), formats.day(pledge.due_on)),
    ]


def _note(text: str, row: AnyRow) -> str:
    return f"{text} · {row.said}" if row.said and row.outcome is Ending.EXCUSED else text


PLEDGE: Final = ReviewKind(
    name="pledge",
    label=lazy_gettext("Pledges to review"),
    describe=describe_pledge,
    advise=advise_on_pledge,
    particulars=pledge_particulars,
    listed_at=PAGE,
    correction=f"{PAGE}/{{id}}/correct",
    found_at=f"{PAGE}/{{id}}",
    one_by_one=True,
)
OUTCOME: Final = ReviewKind(
    name="pledge.outcome",
    label=lazy_gettext("Pledge results"),
    facts=outcome_facts,
    on_approved=_tell_of_ends,
    fact_types=[fact_type_of(ending) for ending in Ending],
    to_come=queries.to_come,
    describe=describe_outcome,
    advise=advise_on_outcome,
    particulars=outcome_particulars,
    listed_at=PAGE,
    correction="/shows/pledges/endings/{id}",
    found_at="/shows/pledges/endings/{id}",
    one_by_one=True,
)

"""What a wish is, where it may stand, which step leads where, and what is refused. Source: docs/domain.md §3.2."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _


class StepRefusedError(ConflictError):
    """The wish stands elsewhere by now, so this step does not follow."""

    code = "step_refused"
    message = _("This wish is %(state)s by now, so this is no longer possible. Look again, please.")


class OwnEntryError(ConflictError):
    """Whoever entered a wish does not publish it: four eyes."""

    code = "own_entry"
    message = _("You entered this wish yourself; another officer publishes it.")


class OwnAcceptanceError(ConflictError):
    """Whoever took a wish up from the public form does not verify it: four eyes, for no member entered it."""

    code = "own_acceptance"
    message = _("You took this wish up yourself; its collector or another officer verifies it first.")


class DayPassedError(BadInputError):
    """A wish is wanted by a day that has passed."""

    code = "day_passed"
    field = "wanted_by"
    message = _("This day has passed. Please ask by when the wish still helps.")


TITLE_LENGTH: Final = 40
NEED_LENGTH: Final = 300
NOTE_LENGTH: Final = 200
"""Characters of the sentence that goes with a step."""
REMINDERS: Final = "wishes"
"""The source of what people are reminded of."""
MOST_YUAN: Final = 99_999
"""No estimate is larger; above 500 yuan only a committee's team may claim (``claims.rules``)."""


class Category(StrEnum):
    """Whom or what a wish is about."""

    ELDERLY = "elderly"
    SCHOOL = "school"
    DISABILITY = "disability"
    HARDSHIP = "hardship"
    REPAIRS = "repairs"
    COMPANY = "company"
    ADVICE = "advice"
    OTHER = "other"


class Kind(StrEnum):
    """What fulfils a wish. Services go before goods."""

    SERVICE = "service"
    GOODS = "goods"


class Origin(StrEnum):
    """How a wish came in."""

    COLLECTOR = "collector"
    OFFICER = "officer"
    PUBLIC = "public"
    IMPORT = "import"


class Status(StrEnum):
    """Where a wish stands."""

    DRAFT = "draft"
    TO_VERIFY = "to_verify"
    RETURNED = "returned"
    DECLINED = "declined"
    PUBLISHED = "published"
    CLAIMED = "claimed"
    IN_PROGRESS = "in_progress"
    TO_CONFIRM = "to_confirm"
    REALISED = "realised"
    CLOSED = "closed"
    EXPIRED = "expired"
    NEXT_ROUND = "next_round"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What happens to a wish; each leaves a row in its history."""

    ENTER = "enter"
    SUBMIT = "submit"
    RETURN = "return"
    DECLINE = "decline"
    PUBLISH = "publish"
    CLAIM = "claim"
    CONTACT = "contact"
    FULFIL = "fulfil"
    NOT_YET = "not_yet"
    CONFIRM = "confirm"
    REVISIT = "revisit"
    HELP_AGAIN = "help_again"
    RELEASE = "release"
    OVERDUE = "overdue"
    EXPIRE = "expire"
    NEXT_ROUND = "next_round"
    WITHDRAW = "withdraw"


TERMINAL: Final = frozenset({Status.DECLINED, Status.CLOSED, Status.WITHDRAWN})
"""No step leads out of these, and the database holds them."""
HELD: Final = frozenset({Status.CLAIMED, Status.IN_PROGRESS})
"""Somebody has promised the wish and has not handed it over yet: what counts as an active claim."""
SHOWN: Final = frozenset({Status.PUBLISHED, *HELD, Status.TO_CONFIRM, Status.REALISED, Status.CLOSED})
"""What members of the paired branches see on the board."""
_LEADS: Final[Mapping[Step, tuple[frozenset[Status], Status]]] = MappingProxyType(
    {
        Step.SUBMIT: (frozenset({Status.DRAFT, Status.RETURNED}), Status.TO_VERIFY),
        Step.RETURN: (frozenset({Status.TO_VERIFY}), Status.RETURNED),
        Step.DECLINE: (
            frozenset({Status.DRAFT, Status.TO_VERIFY, Status.RETURNED, Status.EXPIRED, Status.NEXT_ROUND}),
            Status.DECLINED,
        ),
        Step.PUBLISH: (frozenset({Status.TO_VERIFY, Status.NEXT_ROUND}), Status.PUBLISHED),
        Step.CLAIM: (frozenset({Status.PUBLISHED}), Status.CLAIMED),
        Step.CONTACT: (frozenset({Status.CLAIMED}), Status.IN_PROGRESS),
        Step.FULFIL: (frozenset({Status.IN_PROGRESS}), Status.TO_CONFIRM),
        Step.NOT_YET: (frozenset({Status.TO_CONFIRM}), Status.IN_PROGRESS),
        Step.CONFIRM: (frozenset({Status.TO_CONFIRM}), Status.REALISED),
        Step.REVISIT: (frozenset({Status.REALISED}), Status.CLOSED),
        Step.HELP_AGAIN: (frozenset({Status.REALISED}), Status.IN_PROGRESS),
        Step.RELEASE: (HELD, Status.PUBLISHED),
        Step.OVERDUE: (HELD, Status.PUBLISHED),
        Step.EXPIRE: (frozenset({Status.PUBLISHED}), Status.EXPIRED),
        Step.NEXT_ROUND: (frozenset({Status.PUBLISHED, Status.EXPIRED}), Status.NEXT_ROUND),
        Step.WITHDRAW: (frozenset(Status) - TERMINAL, Status.WITHDRAWN),
    }
)
"""From where each step may be taken, and where it leads. ``ENTER`` makes the draft and follows on nothing."""
CATEGORY_LABELS: Final[Mapping[Category, LazyText]] = MappingProxyType(
    {
        Category.ELDERLY: _("Help for the elderly"),
        Category.SCHOOL: _("Help for pupils"),
        Category.DISABILITY: _("Help with a disability"),
        Category.HARDSHIP: _("Help in hardship"),
        Category.REPAIRS: _("Repairs at home"),
        Category.COMPANY: _("Company and visits"),
        Category.ADVICE: _("Advice on policies"),
        Category.OTHER: _("Something else"),
    }
)
KIND_LABELS: Final[Mapping[Kind, LazyText]] = MappingProxyType({Kind.SERVICE: _("A service"), Kind.GOODS: _("Goods")})
STATUS_LABELS: Final[Mapping[Status, LazyText]] = MappingProxyType(
    {
        Status.DRAFT: _("a draft"),
        Status.TO_VERIFY: _("to be verified"),
        Status.RETURNED: _("returned for more details"),
        Status.DECLINED: _("referred to another channel"),
        Status.PUBLISHED: _("waiting to be claimed"),
        Status.CLAIMED: _("claimed"),
        Status.IN_PROGRESS: _("in progress"),
        Status.TO_CONFIRM: _("waiting to be confirmed"),
        Status.REALISED: _("realised"),
        Status.CLOSED: _("realised and revisited"),
        Status.EXPIRED: _("past its day"),
        Status.NEXT_ROUND: _("waiting for the next round"),
        Status.WITHDRAWN: _("taken back by the wisher"),
    }
)
STEP_LABELS: Final[Mapping[Step, LazyText]] = MappingProxyType(
    {
        Step.ENTER: _("Entered"),
        Step.SUBMIT: _("Handed in for verification"),
        Step.RETURN: _("Returned for more details"),
        Step.DECLINE: _("Referred to another channel"),
        Step.PUBLISH: _("Published"),
        Step.CLAIM: _("Claimed"),
        Step.CONTACT: _("Wisher contacted"),
        Step.FULFIL: _("Handed over"),
        Step.NOT_YET: _("Not there yet"),
        Step.CONFIRM: _("Confirmed"),
        Step.REVISIT: _("Revisited"),
        Step.HELP_AGAIN: _("Revisited: it has not helped yet"),
        Step.RELEASE: _("Released"),
        Step.OVERDUE: _("Back on the board, its time was over"),
        Step.EXPIRE: _("Its day has passed"),
        Step.NEXT_ROUND: _("Goes into the next round"),
        Step.WITHDRAW: _("Taken back by the wisher"),
    }
)


def after(status: Status, step: Step) -> Status:
    """Where ``step`` leads from ``status``.

    Raises:
        StepRefusedError: it does not follow on this state.
    """
    from_where, to = _LEADS.get(step, (frozenset(), status))
    if status not in from_where:
        raise StepRefusedError(state=STATUS_LABELS[status])
    return to


def may(status: Status, step: Step) -> bool:
    """Whether ``step`` follows on ``status``."""
    return step in _LEADS and status in _LEADS[step][0]


def usual_kind(category: Category) -> Kind:
    """What fulfils most wishes of this category, for forms that do not ask."""
    return Kind.SERVICE if category in (Category.REPAIRS, Category.COMPANY, Category.ADVICE) else Kind.GOODS


def code_of(year: int, number: int) -> str:
    """The name of a wish on every page: ``WX-2026-0012``; past 9999 in a year it gets longer."""
    return f"WX-{year}-{number:04}"


def check_wanted_by(wanted_by: date | None, *, today: date) -> None:
    """Let a day pass that has not passed yet; many wishes have none.

    Raises:
        DayPassedError: it has.
    """
    if wanted_by is not None and wanted_by < today:
        raise DayPassedError


class ClaimKind(StrEnum):
    """How a wish is carried."""

    ALONE = "alone"
    TEAM = "team"
    SHARED = "shared"


class ClaimEnd(StrEnum):
    """How a claim ended."""

    RELEASED = "released"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


CLAIM_KIND_LABELS: Final[Mapping[ClaimKind, LazyText]] = MappingProxyType(
    {ClaimKind.ALONE: _("alone"), ClaimKind.TEAM: _("as a team"), ClaimKind.SHARED: _("shared")}
)
CLAIM_END_LABELS: Final[Mapping[ClaimEnd, LazyText]] = MappingProxyType(
    {
        ClaimEnd.RELEASED: _("given back"),
        ClaimEnd.OVERDUE: _("back on the board, its time was over"),
        ClaimEnd.WITHDRAWN: _("taken back by the wisher"),
        ClaimEnd.CLOSED: _("realised and revisited"),
    }
)


class ConfirmedHow(StrEnum):
    """How somebody else than the claimers said that it is done."""

    DESK = "desk"
    LINK = "link"
    CODE = "code"


CONFIRMED_LABELS: Final[Mapping[ConfirmedHow, LazyText]] = MappingProxyType(
    {
        ConfirmedHow.DESK: _("by the community or an officer"),
        ConfirmedHow.LINK: _("by the wisher, with the link of the slip"),
        ConfirmedHow.CODE: _("by the wisher, with the spoken code"),
    }
)

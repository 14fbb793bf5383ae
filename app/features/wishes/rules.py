"""What a wish is, where it may stand, which step leads where, and what is refused. Source: docs/domain.md §3.2."""

from datetime import date
from enum import StrEnum
from typing import Final

from app.core import life
from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _
from app.core.life import Life
from app.core.words import Word


class StepRefusedError(life.StepRefusedError):
    message = _("This wish is %(state)s by now, so this is no longer possible. Look again, please.")


class OwnEntryError(ConflictError):
    message = _("You entered this wish yourself; another officer publishes it.")


class OwnAcceptanceError(ConflictError):
    """Whoever took a wish up from the public form does not verify it: four eyes, for no member entered it."""

    message = _("You took this wish up yourself; its collector or another officer verifies it first.")


class BoundByAccountError(ForbiddenError):
    message = _(
        "Less than %(days)s days ago, one of you two who look at this wish made the other's account or printed the "
        "slip for it. Somebody else does this."
    )


class DayPassedError(BadInputError):
    field = "wanted_by"
    message = _("This day has passed. Please ask by when the wish still helps.")


TITLE_LENGTH: Final = 40
NEED_LENGTH: Final = 300
NOTE_LENGTH: Final = 200
"""Characters of the sentence that goes with a step."""
REMINDERS: Final = "wishes"
"""The source of what people are reminded of."""
MOST_YUAN: Final = 99_999
"""No estimate is larger; above 500 yuan only a committee's team may claim (``carrying.rules``)."""
MOST_FAILURES: Final = 5
"""Wrong codes before a slip is void: guessing one of a million succeeds once in 200,000 slips."""


class Category(Word):
    """Whom or what a wish is about."""

    ELDERLY = "elderly", _("Help for the elderly")
    SCHOOL = "school", _("Help for pupils")
    DISABILITY = "disability", _("Help with a disability")
    HARDSHIP = "hardship", _("Help in hardship")
    REPAIRS = "repairs", _("Repairs at home")
    COMPANY = "company", _("Company and visits")
    ADVICE = "advice", _("Advice on policies")
    OTHER = "other", _("Something else")


class Kind(Word):
    """What fulfils a wish. Services go before goods."""

    SERVICE = "service", _("A service")
    GOODS = "goods", _("Goods")


class Origin(StrEnum):
    """How a wish came in."""

    COLLECTOR = "collector"
    OFFICER = "officer"
    PUBLIC = "public"
    IMPORT = "import"


class Status(Word):
    """Where a wish stands. One that was referred is stored as ``declined``: but only invitations are declined."""

    DRAFT = "draft", _("a draft")
    TO_VERIFY = "to_verify", _("to be verified")
    RETURNED = "returned", _("returned for more details"), "need"
    REFERRED = "declined", _("referred to another channel")
    PUBLISHED = "published", _("waiting to be claimed"), ""
    CLAIMED = "claimed", _("claimed")
    IN_PROGRESS = "in_progress", _("in progress")
    TO_CONFIRM = "to_confirm", _("waiting to be confirmed")
    REALISED = "realised", _("realised"), "ok"
    CLOSED = "closed", _("realised and revisited"), "ok"
    EXPIRED = "expired", _("overdue")
    NEXT_ROUND = "next_round", _("waiting for the next round")
    WITHDRAWN = "withdrawn", _("taken back by the wisher")


class Step(Word):
    """What happens to a wish; each leaves a row in its history."""

    ENTER = "enter", _("Entered")
    SUBMIT = "submit", _("Handed in for verification")
    RETURN = "return", _("Returned for more details")
    REFER = "decline", _("Referred to another channel")
    PUBLISH = "publish", _("Published")
    CLAIM = "claim", _("Claimed")
    CONTACT = "contact", _("Wisher contacted")
    FULFIL = "fulfil", _("Handed over")
    NOT_YET = "not_yet", _("Not there yet")
    CONFIRM = "confirm", _("Confirmed")
    REVISIT = "revisit", _("Revisited")
    HELP_AGAIN = "help_again", _("Revisited: it has not helped yet")
    RELEASE = "release", _("Released")
    OVERDUE = "overdue", _("Back on the board, its time was over")
    EXPIRE = "expire", _("Its day has passed")
    NEXT_ROUND = "next_round", _("Goes into the next round")
    WITHDRAW = "withdraw", _("Taken back by the wisher")


ACTIVE: Final = frozenset({Status.CLAIMED, Status.IN_PROGRESS})
"""Somebody has promised the wish and has not handed it over yet: what counts as an active claim."""
LIFE: Final = Life(
    Status,
    {
        Step.SUBMIT: ({Status.DRAFT, Status.RETURNED}, Status.TO_VERIFY),
        Step.RETURN: ({Status.TO_VERIFY}, Status.RETURNED),
        Step.REFER: (
            {Status.DRAFT, Status.TO_VERIFY, Status.RETURNED, Status.EXPIRED, Status.NEXT_ROUND},
            Status.REFERRED,
        ),
        Step.PUBLISH: ({Status.TO_VERIFY, Status.NEXT_ROUND}, Status.PUBLISHED),
        Step.CLAIM: ({Status.PUBLISHED}, Status.CLAIMED),
        Step.CONTACT: ({Status.CLAIMED}, Status.IN_PROGRESS),
        Step.FULFIL: ({Status.IN_PROGRESS}, Status.TO_CONFIRM),
        Step.NOT_YET: ({Status.TO_CONFIRM}, Status.IN_PROGRESS),
        Step.CONFIRM: ({Status.TO_CONFIRM}, Status.REALISED),
        Step.REVISIT: ({Status.REALISED}, Status.CLOSED),
        Step.HELP_AGAIN: ({Status.REALISED}, Status.IN_PROGRESS),
        Step.RELEASE: (ACTIVE, Status.PUBLISHED),
        Step.OVERDUE: (ACTIVE, Status.PUBLISHED),
        Step.EXPIRE: ({Status.PUBLISHED}, Status.EXPIRED),
        Step.NEXT_ROUND: ({Status.PUBLISHED, Status.EXPIRED}, Status.NEXT_ROUND),
        Step.WITHDRAW: (set(Status) - {Status.REFERRED, Status.CLOSED, Status.WITHDRAWN}, Status.WITHDRAWN),
    },
    refusal=StepRefusedError,
)
"""``ENTER`` makes the draft and follows on nothing. To verify is no step: the wish waits as before, now to be published
(``Wish.verified_at``), and ``RETURN`` takes that back."""
TERMINAL: Final = LIFE.terminal
"""No step leads out of these, and the database holds them."""


def usual_kind(category: Category) -> Kind:
    """What fulfils most wishes of this category, for forms that do not ask."""
    return Kind.SERVICE if category in (Category.REPAIRS, Category.COMPANY, Category.ADVICE) else Kind.GOODS


def code_of(year: int, number: int) -> str:
    """The name of a wish on every page: ``WX-2026-0012``; past 9999 in a year it gets longer."""
    return f"WX-{year}-{number:04}"


def check_wanted_by(wanted_by: date | None, *, today: date) -> None:
    """Let a day pass that has not passed yet; many wishes have none."""
    if wanted_by is not None and wanted_by < today:
        raise DayPassedError


class ClaimKind(Word):
    """How a wish is carried."""

    ALONE = "alone", _("alone")
    TEAM = "team", _("as a team")
    SHARED = "shared", _("shared")


class ClaimEnd(Word):
    """How a claim ended."""

    RELEASED = "released", _("given back")
    OVERDUE = "overdue", _("back on the board, its time was over")
    WITHDRAWN = "withdrawn", _("taken back by the wisher")
    CLOSED = "closed", _("realised and revisited"), "ok"


class ConfirmedHow(Word):
    """How somebody else than the claimers said that it is done."""

    DESK = "desk", _("by the community or an officer")
    LINK = "link", _("by the wisher, with the link of the slip")
    CODE = "code", _("by the wisher, with the spoken code")


class Helped(Word):
    """Did it really help?"""

    YES = "yes", _("Yes, it really helped")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No, not yet")

"""What is kept of somebody who takes part elsewhere, for that person."""

from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import aliased

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.meetings.attachments.models import Attachment
from app.features.meetings.attachments.review_kind import ATTACHMENT
from app.features.members.models import Organisation
from app.features.reviews.models import Review

_Home, _Host = aliased(Organisation), aliased(Organisation)


def _with_branches(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join_from(Attachment, Review, Review.id == Attachment.id)
        .join(_Home, _Home.id == Attachment.home_id)
        .join(_Host, _Host.id == Attachment.host_id)
    )


ATTACHMENTS: Final = section(
    "attachments",
    ATTACHMENT.label,
    {
        Attachment.id: _("Id"),
        _Home.name.label("home"): _("Own branch"),
        _Host.name.label("host"): _("Takes part in"),
        Attachment.kind: _("Kind"),
        Attachment.first_on: _("From"),
        Attachment.last_on: _("Until"),
        Attachment.ended_on: _("Ended"),
        Review.status: _("State"),
    },
    joined=_with_branches,
    mine=Attachment.member_id,
    by=(Attachment.first_on, Attachment.id),
)

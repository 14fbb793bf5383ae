"""Every kind of thing that phones capture. A stream joins by one line here."""

from collections.abc import Mapping
from typing import Any, Final

from app.features.inbox.kinds import CapturedKind
from app.features.shows.duties.captures import DUTY_PROGRESS
from app.features.shows.pledges.captures import PLEDGE_PROGRESS
from app.features.study.captures import STUDY_RECORD
from app.features.sync.withdrawals import WITHDRAW, withdraw_kind
from app.features.wishes.intake.captures import WISH_DRAFT

STREAMS: Final[Mapping[str, CapturedKind[Any]]] = {
    kind.name: kind for kind in (STUDY_RECORD, PLEDGE_PROGRESS, DUTY_PROGRESS, WISH_DRAFT)
}
KINDS: Final[Mapping[str, CapturedKind[Any]]] = {**STREAMS, WITHDRAW: withdraw_kind(STREAMS)}

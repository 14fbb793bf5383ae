"""What the states, sides and words of pledges are called on the screen."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.shows.pledges.rules import Audience, Ending, PeerWord, PledgeState, Progress, Side

SIDE_LABELS: Final[Mapping[Side, LazyText]] = MappingProxyType(
    {
        Side.LEARNING: _("Learning"),
        Side.WORK: _("Work"),
        Side.DISCIPLINE: _("Self-discipline"),
        Side.SERVICE: _("Service to others"),
    }
)
STATE_LABELS: Final[Mapping[PledgeState, LazyText]] = MappingProxyType(
    {
        PledgeState.DRAFT: _("draft"),
        PledgeState.SUBMITTED: _("waiting for approval"),
        PledgeState.RETURNED: _("returned"),
        PledgeState.WITHDRAWN: _("withdrawn"),
        PledgeState.PUBLICITY: _("shown for comment"),
        PledgeState.IN_PROGRESS: _("being kept"),
        PledgeState.DONE: _("done, to be evaluated"),
        PledgeState.NOT_MET: _("not met, to be evaluated"),
        PledgeState.EXCUSED: _("not met for a reason, to be confirmed"),
        PledgeState.EVALUATED: _("evaluated"),
        PledgeState.ARCHIVED: _("archived"),
    }
)
PROGRESS_LABELS: Final[Mapping[Progress, LazyText]] = MappingProxyType(
    {
        Progress.ON_TRACK: _("On track"),
        Progress.IN_DIFFICULTY: _("In difficulty"),
        Progress.DONE: _("Done"),
    }
)
ENDING_LABELS: Final[Mapping[Ending, LazyText]] = MappingProxyType(
    {
        Ending.DONE: _("Kept"),
        Ending.NOT_MET: _("Not met"),
        Ending.EXCUSED: _("Not met, with an objective reason"),
    }
)
PEER_WORD_LABELS: Final[Mapping[PeerWord, LazyText]] = MappingProxyType(
    {
        PeerWord.KEPT: _("I saw it kept"),
        PeerWord.PARTLY: _("Kept in part"),
        PeerWord.CANNOT_TELL: _("I cannot tell"),
    }
)
AUDIENCE_LABELS: Final[Mapping[Audience, LazyText]] = MappingProxyType(
    {
        Audience.EVERYBODY: _("Everybody"),
        Audience.SECRETARY: _("Secretary and deputy"),
        Audience.COMMITTEE: _("Branch committee"),
        Audience.GROUP_LEADER: _("Group leaders"),
    }
)

"""What is kept of a member about wishes: where they took part, what they looked back at, which steps they took."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Section
from app.features.wishes import queries
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.residents import queries as moderation
from app.features.wishes.stories import service as stories

SECTIONS: Final = (
    Section(
        "wishes",
        _("Wishes taken part in"),
        {
            "code": _("Number"),
            "title": _("What"),
            "kind": _("How"),
            "claimed_at": _("Claimed"),
            "joined_at": _("Joined"),
            "left_at": _("Left"),
            "fulfilled_on": _("Handed over"),
            "sentence": _("Sentence"),
            "ended_at": _("Ended"),
            "ended_as": _("State"),
        },
        lambda session, actor: carrying.own_claims(session, actor.member_id),
        {
            "kind": lambda kind: str(kind.label),
            "ended_as": lambda end: str(end.label) if end else "",
        },
    ),
    Section(
        "wish_revisits",
        _("Wishes looked back at"),
        {
            "code": _("Number"),
            "title": _("What"),
            "taken_at": _("Taken over"),
            "made_on": _("Day"),
            "helped": _("Did it help"),
            "sentence": _("Sentence"),
        },
        lambda session, actor: carrying.own_revisits(session, actor.member_id),
        {"helped": lambda helped: str(helped.label) if helped else ""},
        of_collectors=True,
    ),
    Section(
        "wish_steps",
        _("Steps taken with wishes"),
        {"at": _("When"), "code": _("Number"), "step": _("What"), "note": _("Remark")},
        lambda session, actor: queries.own_steps(session, actor.member_id),
        {"step": lambda step: str(step.label)},
        of_collectors=True,
    ),
    Section(
        "wish_stories",
        _("Stories written"),
        {"written_at": _("When"), "code": _("Number"), "story": _("What")},
        lambda session, actor: stories.own_stories(session, actor.member_id),
    ),
    Section(
        "wishes_of_residents",
        _("Wishes of residents decided"),
        {"ended_at": _("When"), "community": _("Community"), "status": _("State"), "code": _("Number")},
        lambda session, actor: moderation.own_decisions(session, actor.member_id),
        {"status": lambda status: str(status.label)},
    ),
)

"""What is kept of a person about wishes: where they took part, what they looked back at, entered, decided, opened."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.members.models import Organisation
from app.features.wishes.contacts.models import ContactLook
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant, WishRevisit
from app.features.wishes.residents.models import WishSubmission
from app.features.wishes.stories.models import WishStory

SECTIONS: Final = (
    section(
        "wishes",
        _("Wishes taken part in"),
        {
            Wish.code: _("Number"),
            Wish.title: _("What"),
            WishClaim.kind: _("How"),
            WishClaim.claimed_at: _("Claimed"),
            WishParticipant.joined_at: _("Joined"),
            WishParticipant.left_at: _("Left"),
            WishClaim.fulfilled_on: _("Handed over"),
            WishClaim.sentence: _("Sentence"),
            WishClaim.ended_at: _("Ended"),
            WishClaim.ended_as: _("State"),
        },
        joined=lambda rows: rows.join(WishClaim, WishClaim.wish_id == Wish.id).join(
            WishParticipant, WishParticipant.claim_id == WishClaim.id
        ),
        mine=WishParticipant.member_id,
        by=(WishClaim.claimed_at, WishClaim.id),
    ),
    section(
        "wish_revisits",
        _("Wishes looked back at"),
        {
            Wish.code: _("Number"),
            Wish.title: _("What"),
            WishRevisit.taken_at: _("Taken over"),
            WishRevisit.made_on: _("Day"),
            WishRevisit.helped: _("Did it help"),
            WishRevisit.sentence: _("Sentence"),
        },
        joined=lambda rows: rows.join(WishClaim, WishClaim.wish_id == Wish.id).join(
            WishRevisit, WishRevisit.claim_id == WishClaim.id
        ),
        mine=WishRevisit.taken_by_id,
        by=(WishRevisit.taken_at, WishRevisit.id),
        of_collectors=True,
    ),
    section(
        "wish_steps",
        _("Steps taken with wishes"),
        {WishEvent.at: _("When"), Wish.code: _("Number"), WishEvent.step: _("What"), WishEvent.note: _("Remark")},
        joined=lambda rows: rows.join(Wish, Wish.id == WishEvent.wish_id),
        mine=WishEvent.by_id,
        by=(WishEvent.at, Wish.code, WishEvent.seq),
        of_collectors=True,
    ),
    section(
        "wish_stories",
        _("Stories written"),
        {WishStory.written_at: _("When"), Wish.code: _("Number"), WishStory.story: _("What")},
        joined=lambda rows: rows.join(Wish, Wish.id == WishStory.wish_id),
        mine=WishStory.written_by_id,
        by=(WishStory.written_at, WishStory.id),
    ),
    section(
        "wishes_of_residents",
        _("Wishes of residents decided"),
        {
            WishSubmission.ended_at: _("When"),
            Organisation.name.label("community"): _("Community"),
            WishSubmission.status: _("State"),
            Wish.code: _("Number"),
        },
        joined=lambda rows: (
            rows.select_from(WishSubmission)
            .join(Organisation, Organisation.id == WishSubmission.community_id)
            .outerjoin(Wish, Wish.id == WishSubmission.wish_id)
        ),
        mine=WishSubmission.decided_by_id,
        by=(WishSubmission.ended_at, WishSubmission.id),
    ),
    section(
        "wishes_entered",
        _("Wishes entered"),
        {
            Wish.code: _("Number"),
            Wish.title: _("What"),
            Organisation.name.label("community"): _("Community"),
            Wish.entered_at: _("Entered"),
        },
        joined=lambda rows: rows.join(Organisation, Organisation.id == Wish.community_id),
        mine=Wish.entered_by_id,
        by=(Wish.entered_at, Wish.id),
        of_collectors=True,
    ),
    section(
        "contact_looks",
        _("Contacts of wishers opened"),
        {
            ContactLook.at: _("When"),
            Wish.code: _("Wish"),
            ContactLook.capacity: _("As"),
            ContactLook.reason: _("Reason"),
        },
        joined=lambda rows: rows.join(Wish, Wish.id == ContactLook.wish_id),
        mine=ContactLook.member_id,
        by=(ContactLook.at, ContactLook.id),
        of_collectors=True,
    ),
)

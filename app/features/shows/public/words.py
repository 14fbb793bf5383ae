"""What a member would let everybody read, in words."""

from app.core.i18n import gettext as _
from app.features.members.rules import ROLE_LABELS
from app.features.shows.cards.rules import Face
from app.features.shows.public.rules import PublicField


def said(face: Face) -> dict[PublicField, str]:
    """What each piece of the card would tell everybody now; pieces that say nothing are left out."""
    years = _("%(year)s, and the years in the Party since") if face.years_in_party else "%(year)s"
    told = {
        PublicField.PHOTO: _("the photo on your card") if face.photo_id else "",
        PublicField.BRANCH: face.branch_name,
        PublicField.PARTY_POSTS: "、".join(str(ROLE_LABELS[role]) for role in face.posts),
        PublicField.POST: face.post,
        PublicField.PIONEER_POST: _("Party member's pioneer post") if face.pioneer_post else "",
        PublicField.JOINED: years % {"year": face.joined[:4]} if face.joined else "",
        PublicField.SERVICE_SCOPE: face.service_scope,
        PublicField.OFFICE_PHONE: face.office_phone,
        PublicField.MOTTO: face.motto,
        PublicField.PLEDGES: _("each with its day and where it stands, once it is approved"),
    }
    return {field: words for field, words in told.items() if words}

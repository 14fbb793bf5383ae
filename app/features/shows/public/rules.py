"""What everybody may see of a card, and what a member agrees to before that. Pure. Source: docs/domain.md §3.1, §9."""

import secrets
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from app.core.i18n import LazyText, lazy_gettext
from app.features.shows.cards.rules import Face, IdentityDetails

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base 32 without i, l, o, u: an address is also read off a badge and typed."""
TOKEN_LENGTH: Final = 26
"""Signs of five bits: 130 bits. Nobody guesses the address of a card, nor another one from one that is known."""
CONSENT_VERSION: Final = "2026.1"
"""Of ``CONSENT_TEXT``; whoever changes a word of it there writes a new version here."""
CONSENT_TEXT: Final = (
    lazy_gettext(
        "I let everybody who opens the address or scans the picture code see the pieces of my card that I have "
        "ticked, without signing in, until I take this back."
    ),
    lazy_gettext(
        "I know that whoever has opened the page may have kept a copy. Search engines are asked not to list it."
    ),
    lazy_gettext(
        "This is my own free choice. Saying no costs nothing, nobody else can say yes for me, and I can take it back "
        "at any time: the page is gone in that moment."
    ),
)
"""What a member says yes to, sentence by sentence."""


class PublicField(StrEnum):
    """What a member may let everybody see. Duties are not among them: their rows may speak of work not yet public."""

    PHOTO = "photo"
    BRANCH = "branch"
    PARTY_POSTS = "party_posts"
    POST = "post"
    PIONEER_POST = "pioneer_post"
    JOINED = "joined"
    SERVICE_SCOPE = "service_scope"
    OFFICE_PHONE = "office_phone"
    MOTTO = "motto"
    PLEDGES = "pledges"


FIELD_LABELS: Final[Mapping[PublicField, LazyText]] = {
    PublicField.PHOTO: lazy_gettext("Photo"),
    PublicField.BRANCH: lazy_gettext("Branch"),
    PublicField.PARTY_POSTS: lazy_gettext("Party post"),
    PublicField.POST: lazy_gettext("Working post"),
    PublicField.PIONEER_POST: lazy_gettext("Pioneer post"),
    PublicField.JOINED: lazy_gettext("Year of joining"),
    PublicField.SERVICE_SCOPE: lazy_gettext("What I look after"),
    PublicField.OFFICE_PHONE: lazy_gettext("Office phone"),
    PublicField.MOTTO: lazy_gettext("Motto"),
    PublicField.PLEDGES: lazy_gettext("Pledges of this year"),
}


_COLUMNS: Final[Mapping[PublicField, tuple[str, ...]]] = {
    PublicField.PHOTO: ("photo_id",),
    PublicField.BRANCH: ("branch_name",),
    PublicField.PARTY_POSTS: ("posts",),
    PublicField.POST: ("post",),
    PublicField.PIONEER_POST: ("pioneer_post",),
    PublicField.JOINED: ("joined", "years_in_party"),
    PublicField.SERVICE_SCOPE: ("service_scope",),
    PublicField.OFFICE_PHONE: ("office_phone",),
    PublicField.MOTTO: ("motto",),
    PublicField.PLEDGES: (),
}


OF_DETAILS: Final[Mapping[PublicField, str]] = {
    PublicField.PIONEER_POST: "pioneer_post",
    PublicField.JOINED: "shows_joined",
    PublicField.SERVICE_SCOPE: "service_scope",
    PublicField.OFFICE_PHONE: "office_phone",
    PublicField.MOTTO: "motto",
}


def put_up(before: IdentityDetails, after: IdentityDetails) -> frozenset[PublicField]:
    """The pieces that ``after`` shows and ``before`` did not show so; what is taken off is not among them."""
    return frozenset(
        field
        for field, name in OF_DETAILS.items()
        if getattr(after, name) and getattr(after, name) != getattr(before, name)
    )


def consented(face: Face, allowed: Collection[PublicField]) -> Face:
    """What everybody may see of ``face``: the name, and the pieces in ``allowed``. Of a day, the year is left."""
    kept = {column: getattr(face, column) for field in allowed for column in _COLUMNS[field]}
    if joined := kept.get("joined"):
        kept["joined"] = joined[:4]
    return Face(member_id=face.member_id, name=face.name, **kept)


def new_token() -> str:
    """The address of a new public page."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))

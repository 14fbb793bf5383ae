"""What a card says in words."""

from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.features.members.rules import ROLE_LABELS
from app.features.shows.cards.rules import Face, political_birthday


def standing(face: Face) -> str:
    """The line under the name: ``组织委员 · 二级调研员 · 党龄 12 年``, as much of it as the card shows."""
    said = [str(ROLE_LABELS[role]) for role in face.posts]
    if face.post:
        said.append(face.post)
    if years := face.years_in_party:
        said.append(ngettext("%(num)s year in the Party", "%(num)s years in the Party", years) % {"num": years})
    elif face.joined:
        said.append(_("joined in %(year)s") % {"year": face.joined[:4]})
    return " · ".join(said)


def marks(face: Face) -> list[tuple[str, str]]:
    """The chips under it, each with its tone."""
    found = []
    if face.pioneer_post:
        found.append((_("Party member's pioneer post"), "gold"))
    if birthday := political_birthday(face.joined):
        found.append((_("Political birthday %(month)s/%(day)s") % {"month": birthday[0], "day": birthday[1]}, ""))
    return found

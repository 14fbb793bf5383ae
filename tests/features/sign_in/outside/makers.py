"""Links with accounts of outside, and somebody outside who says what a test wants."""

from urllib.parse import urlencode

from app.features.sign_in.outside.models import OutsideLink
from app.features.sign_in.outside.rules import MadeBy, OutsideIdentity, Way

PLACE = "https://login.example.org"


def word_of(subject="ai.li", *, way=Way.OIDC, place=PLACE, number="", proved_at=None):
    return OutsideIdentity(way, place, subject, f"{subject}（单位）", number, proved_at)


def make_link(session, person, subject="ai.li", *, made_by=MadeBy.SELF, way=Way.OIDC):
    said = word_of(subject, way=way)
    link = OutsideLink(member_id=person.id, way=way, subject_digest=said.digest, label=said.label, made_by=made_by)
    session.add(link)
    session.flush()
    return link.id


class Voice:
    """Somebody outside: ``says`` is what is said of whoever comes, or the refusal."""

    def __init__(self):
        self.says = word_of()
        self.trips = []

    def address(self, trip):
        self.trips.append(trip)
        return f"{PLACE}/auth?{urlencode({'state': trip.state})}"

    def said(self, trip, query):
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

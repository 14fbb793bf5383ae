"""What is kept of a member in the three shows, for the member to read and to take along."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import QueryableAttribute, aliased

from app.core.i18n import lazy_gettext as _
from app.core.own_data import ME, Section, section
from app.features.members.models import Member
from app.features.shows.cards.models import CardConsent, CardIdentity, CardPhoto, CardSight
from app.features.shows.cards.rules import PublicField
from app.features.shows.duties import queries as duties
from app.features.shows.duties.models import Duty, DutyHandOver, DutyHelper, DutyOutcome, DutyProgress
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress, PledgeWord

_By, _About = aliased(Member), aliased(Member)
_RECORDED_BY: Final = _By.name.label("recorded_by")
_ENTERED_BY: Final = _By.name.label("entered_by")
Joined = Callable[[Select[Any]], Select[Any]]


def _by(who: QueryableAttribute[Any]) -> Joined:
    """With the name of who recorded it."""
    return lambda rows: rows.join(_By, _By.id == who)


def _of_duty(duty_id: QueryableAttribute[Any], who: QueryableAttribute[Any]) -> Joined:
    """The same, of a duty."""
    return lambda rows: rows.join(Duty, Duty.id == duty_id).join(_By, _By.id == who)


CARD: Final = (
    section(
        "card",
        _("Card"),
        {
            CardIdentity.year: _("Year"),
            CardIdentity.service_scope: _("What I look after"),
            CardIdentity.office_phone: _("Office phone"),
            CardIdentity.motto: _("Motto"),
            CardIdentity.pioneer_post: _("Pioneer post"),
            CardIdentity.shows_joined: _("Shows when I joined"),
            _ENTERED_BY: _("Recorded by"),
            CardIdentity.entered_at: _("When"),
        },
        joined=_by(CardIdentity.entered_by_id),
        mine=CardIdentity.member_id,
        by=(CardIdentity.year.desc(),),
    ),
    section(
        "portrait",
        _("Photo"),
        {CardPhoto.large.label("picture"): _("Photo"), _ENTERED_BY: _("Recorded by"), CardPhoto.entered_at: _("When")},
        joined=_by(CardPhoto.entered_by_id),
        mine=CardPhoto.member_id,
        by=(CardPhoto.entered_at,),
        words={"picture": lambda picture: f"{len(picture) / 1024:.0f} kB"},
    ),
    section(
        "card_sight",
        _("Who may open my card"),
        {CardSight.scope: _("Members who may open it"), CardSight.chosen_at: _("When")},
        mine=CardSight.member_id,
        by=(CardSight.chosen_at,),
    ),
)
DUTIES: Final = (
    Section(  # whose a duty is, and where it stands, is computed
        "duties",
        _("Duty list"),
        {
            "id": _("Id"),
            "kind": _("Kind"),
            "matter": _("What is to be done"),
            "basis": _("Basis"),
            "due_on": _("Due"),
            "source": _("How it came"),
            "repeat": _("Repeat"),
            "helpers": _("Helpers"),
            "state": _("State"),
        },
        duties.own,
        {"helpers": lambda names: str(_(", ")).join(names)},
    ),
    section(
        "duty_progress",
        _("Progress of duties"),
        {
            DutyProgress.duty_id: _("Id"),
            Duty.matter: _("What is to be done"),
            DutyProgress.state: _("How it goes"),
            DutyProgress.note: _("In a sentence"),
            DutyProgress.said_at: _("When"),
            _RECORDED_BY: _("Recorded by"),
        },
        joined=_of_duty(DutyProgress.duty_id, DutyProgress.recorded_by_id),
        mine=or_(DutyProgress.member_id == ME, DutyProgress.recorded_by_id == ME),
        by=(DutyProgress.said_at, DutyProgress.id),
    ),
    section(
        "duty_ends",
        _("How duties ended"),
        {
            DutyOutcome.duty_id: _("Id"),
            Duty.matter: _("What is to be done"),
            DutyOutcome.result: _("Result"),
            DutyOutcome.sentence: _("In a sentence"),
            DutyOutcome.ended_on: _("Day"),
            _RECORDED_BY: _("Recorded by"),
            DutyOutcome.recorded_at: _("When"),
        },
        joined=_of_duty(DutyOutcome.duty_id, DutyOutcome.recorded_by_id),
        mine=or_(DutyOutcome.member_id == ME, DutyOutcome.recorded_by_id == ME),
        by=(DutyOutcome.ended_on, DutyOutcome.id),
    ),
    section(
        "duty_hand_overs",
        _("Duties handed over"),
        {
            DutyHandOver.duty_id: _("Id"),
            Duty.matter: _("What is to be done"),
            DutyHandOver.starts_on: _("From"),
            DutyHandOver.ends_on: _("Until"),
            DutyHandOver.reason: _("Reason"),
            _RECORDED_BY: _("Recorded by"),
        },
        joined=_of_duty(DutyHandOver.duty_id, DutyHandOver.recorded_by_id),
        mine=or_(DutyHandOver.to_id == ME, DutyHandOver.duty_id.in_(select(Duty.id).where(Duty.member_id == ME))),
        by=(DutyHandOver.starts_on, DutyHandOver.id),
    ),
    section(
        "duties_helped",
        _("Duties helped with"),
        {Duty.id: _("Id"), Duty.matter: _("What"), Duty.due_on: _("Due")},
        joined=lambda rows: rows.join(DutyHelper, DutyHelper.duty_id == Duty.id),
        mine=DutyHelper.member_id,
        by=(Duty.due_on, Duty.id),
    ),
)
PLEDGES: Final = (
    section(
        "pledges",
        _("Pledges"),
        {
            Pledge.id: _("Id"),
            Pledge.year: _("Year"),
            Pledge.side: _("Side"),
            Pledge.text: _("Pledge"),
            Pledge.sign: _("Evidence of completion"),
            Pledge.due_on: _("Due"),
            _By.name.label("written_by"): _("Recorded by"),
            Pledge.written_at: _("When"),
        },
        joined=_by(Pledge.written_by_id),
        mine=Pledge.member_id,
        by=(Pledge.year, Pledge.id),
    ),
    section(
        "pledge_progress",
        _("Progress of pledges"),
        {
            PledgeProgress.pledge_id: _("Id"),
            PledgeProgress.quarter: _("Quarter"),
            PledgeProgress.state: _("How it goes"),
            PledgeProgress.note: _("In a sentence"),
            PledgeProgress.said_at: _("When"),
            PledgeProgress.device_time: _("Time on the phone"),
            PledgeProgress.made_offline: _("Without a network"),
            _RECORDED_BY: _("Recorded by"),
        },
        joined=_by(PledgeProgress.recorded_by_id),
        mine=PledgeProgress.member_id,
        by=(PledgeProgress.said_at, PledgeProgress.id),
    ),
    section(
        "pledge_endings",
        _("Pledge results"),
        {
            PledgeOutcome.pledge_id: _("Id"),
            PledgeOutcome.outcome: _("How it ended"),
            PledgeOutcome.said: _("In a sentence"),
            PledgeOutcome.said_on: _("Day"),
        },
        mine=PledgeOutcome.member_id,
        by=(PledgeOutcome.said_on, PledgeOutcome.id),
    ),
    section(
        "pledge_words",
        _("Words of colleagues"),
        {
            _By.name.label("by"): _("Said by"),
            _About.name.label("about"): _("About"),
            Pledge.text: _("Pledge"),
            PledgeWord.word: _("What was seen"),
            PledgeWord.sentence: _("In a sentence"),
            PledgeWord.said_at: _("When"),
        },
        joined=lambda rows: (
            rows.join(PledgeWord, PledgeWord.pledge_id == Pledge.id)
            .join(_By, _By.id == PledgeWord.peer_id)
            .join(_About, _About.id == PledgeWord.member_id)
        ),
        mine=or_(PledgeWord.peer_id == ME, PledgeWord.member_id == ME),
        by=(PledgeWord.said_at, PledgeWord.pledge_id),
    ),
)
CONSENTS: Final = (
    section(
        "card_consents",
        _("Consents to a public card"),
        {
            CardConsent.given_at: _("Consent given"),
            CardConsent.withdrawn_at: _("Consent taken back"),
            _By.name.label("withdrawn_by"): _("Taken back by"),
            CardConsent.fields: _("What everybody sees"),
            CardConsent.text_version: _("Version of the text"),
            CardConsent.token: _("Web address"),
        },
        joined=lambda rows: rows.outerjoin(_By, _By.id == CardConsent.withdrawn_by_id),
        mine=CardConsent.member_id,
        by=(CardConsent.given_at.desc(), CardConsent.id.desc()),
        words={"fields": lambda fields: str(_(", ")).join(str(PublicField(field).label) for field in fields)},
    ),
)
SECTIONS: Final = (*CARD, *DUTIES, *PLEDGES, *CONSENTS)

"""Everybody at every door, with the own ids and with foreign ones: the routes themselves say which there are.

A new route is asked without anybody thinking of it; a new word in an address fails here until ``ids`` knows a record
of the own branch and one of another branch for it.
"""

import re
from collections import Counter
from datetime import time, timedelta

import pytest

from app.core import clock
from app.core.errors import BadInputError
from app.core.ids import new_id
from app.core.pace import Pace
from app.core.routing import READING_METHODS, route_doors
from app.features.api.rules import Scope
from app.features.api.v1 import door as machines
from app.features.ballots import letters
from app.features.meetings.elections import service as elections
from app.features.meetings.events import guests
from app.features.meetings.makeups import service as make_ups
from app.features.meetings.resolutions.rules import Office
from app.features.meetings.talks import service as talks
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import How, Mark
from app.features.members.exemptions.service import exempt_member
from app.features.members.models import RoleTerm
from app.features.members.posts import service as posts
from app.features.members.rules import ExemptionKind, Permission, Role
from app.features.scores.archive.models import Signature
from app.features.scores.drafts import service as drafts
from app.features.scores.sheet import Veto
from app.features.scores.vetoes.models import MemberVeto
from app.features.shows.cards.rules import SMALL
from app.features.study.bank import service as bank
from app.features.study.spot import service as spot_checks
from tests.features.api.makers import make_waiting
from tests.features.complaints.makers import make_complaint
from tests.features.entries.makers import enter_decided, make_appraisal, make_half_day
from tests.features.leave.makers import make_leave_and_finding
from tests.features.meetings.attachments.makers import enter
from tests.features.meetings.gatherings.makers import make_meeting, tick
from tests.features.meetings.gatherings.test_counts import leave_out, rest
from tests.features.meetings.gatherings.test_resolutions import vote
from tests.features.members.makers import make_business_administrator
from tests.features.outward.makers import make_channel
from tests.features.scores.objections.makers import object_to
from tests.features.scores.publicity.steps import published
from tests.features.shows.cards.makers import make_identity, make_photo
from tests.features.shows.duties.makers import make_duty, report
from tests.features.shows.pledges.makers import make_ended
from tests.features.study.lists import make_list
from tests.features.study.makers import MORNING, make_study_record
from tests.features.study.plans import make_item, make_material
from tests.features.study.quizzes import hand_in, make_quiz
from tests.features.wishes.makers import make_collector, make_community, make_draft
from tests.features.wishes.residents.makers import make_poster, make_submission
from tests.makers import HTMX, LONG_AGO, as_member, make_member
from tests.page import error_problems, ways_on

SECRET = "外支部机密"
"""Stands in every record of the other branch that has words of its own."""
EVERYBODY = "everybody"
OWN_BRANCH = ("alice", "sam", "dora", "paula", "dana", "lena")
OTHERS = ("carl", "bea", "sylvia", "audra", "collector")
OTHER_BRANCH = ("olga", "oscar")
PEOPLE = (*OWN_BRANCH, *OTHERS, *OTHER_BRANCH)
OPEN_ELSEWHERE = {"/sign-out"}
"""Doors for everybody that would end the visit of who asks."""
SPENT = re.compile(r"/me/devices/.*|/me/password|/confirm")
"""What would take the key away from who asks, or count as guessing."""
PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
KINDLY = {200, 204, 303, 304, 400, 403, 404, 405, 409, 413, 422, 429}
"""What anybody may be answered; 401 is for what phones send."""
REFUSED = {403, 404, 409, 413, 422}
GONE_ANYWAY = re.compile(r".*/(discard|remove)")
"""Where what is not there, or not the own, is answered as if it had just been taken away."""
SAME_EVERYWHERE = {
    "token",
    "kind",
    "form",
    "name",
    "way",
    "year",
    "quarter",
    "month",
    "rule_id",
    "size",
    "source",
    "subject_id",
}
"""Words that name no record of a branch."""


def make_house(session, people):
    """Who comes to the doors, and a record of the own and of the other branch for each word of an address."""
    branch, other, committee = people.branch, people.other_branch, people.committee
    community, elsewhere = make_community(session, branch), make_community(session, other, name="梅园社区")
    who = {name: getattr(people, name) for name in ("alice", "sam", "dora", "olga", "oscar", "carl")}
    who |= {
        "paula": make_member(session, branch, "宣传", roles=(Role.PUBLICITY,)),
        "dana": make_member(session, branch, "纪检", roles=(Role.DISCIPLINE,)),
        "lena": make_member(session, branch, "组长", group=people.group, roles=(Role.GROUP_LEADER,), at=people.group),
        "sylvia": make_member(session, branch, "系统", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee),
        "audra": make_member(session, branch, "审计", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee),
        "bea": make_business_administrator(session, branch, committee),
        "collector": make_collector(session, community),
    }
    rita = make_collector(session, elsewhere, "热心")
    ours = _records(session, people.alice, people.sam, people.dora, people.bob, away=other)
    otto = make_member(session, other, "副手", roles=(Role.DEPUTY,))
    theirs = _records(
        session, people.olga, people.oscar, otto, make_member(session, other, "邻居"), away=branch, secret=SECRET
    )
    wishes = [
        make_draft(session, place, home, worker, need=need).id
        for place, home, worker, need in (
            (community, branch, who["collector"], "收音机"),
            (elsewhere, other, rita, SECRET),
        )
    ]
    residents = []
    for place, worker in ((community, who["collector"]), (elsewhere, rita)):
        make_poster(session, place, worker)
        residents.append(make_submission(session, place).id)
    ids = {name: (ours[name], theirs[name]) for name in ours}
    ids |= {
        "place_id": (branch.id, other.id),
        "branch_id": (branch.id, other.id),
        "community_id": (community.id, elsewhere.id),
        "wish_id": tuple(wishes),
        "submission_id": tuple(residents),
        "session_id": (people.bob.actor.session_id, people.olga.actor.session_id),
        "upload_id": (new_id(), new_id()),
        "suggestion_id": (new_id(), new_id()),
        "factor_id": (new_id(), new_id()),
        "link_id": (new_id(), new_id()),
        "reset_id": (new_id(), new_id()),
        "access_id": tuple(make_waiting(session, who["sylvia"], place, Scope.FACTS).id for place in (branch, other)),
        "channel_id": tuple(make_channel(session, one, to=SECRET).id for one in (people.bob, people.olga)),
        "draft_id": (draft_id := drafts.copy(session, who["bea"].actor, base="2026.1"), draft_id),
        "complaint_id": (make_complaint(session, people.alice), make_complaint(session, people.olga, said=SECRET)),
        **{name: (value, value) for name, value in _words().items()},
    }
    return who, ids


def _records(session, member, secretary, deputy, helped, *, away, secret="本支部"):
    record = make_study_record(session, member, title=secret)
    make_identity(session, member, motto=secret)
    duty = make_duty(session, member, matter=secret)
    ended, word = make_ended(session, helped, secretary)
    proposal = posts.give_post(session, secretary.actor, member_id=helped.id, role=Role.DEPUTY, starts_on=LONG_AGO)
    exemption = exempt_member(
        session, secretary.actor, member_id=member.id, kind=ExemptionKind.LEAVE, starts_on=LONG_AGO, note=secret
    )
    meetings = [make_meeting(session, secretary, title=secret, day=clock.today(), begins=time(0)) for _ in range(2)]
    tick(session, secretary, meetings[1], but={helped: Mark.PRIVATE})
    said = {"event_id": meetings[1], "done_on": clock.today(), "how": How.TOLD}
    make_up = make_ups.report(session, helped.actor, id=new_id(), **said)
    guests.add_guest(session, secretary.actor, event_id=meetings[0], name=f"{secret}客人")
    [guest] = guests.guests(session, meetings[0])
    candidates = {"office": Office.SECRETARY, "seats": 1, "candidate_ids": [deputy.id]}
    leave_id, finding_id = make_leave_and_finding(session, member, secretary, stand_in=secret)
    [term] = session.query(RoleTerm.id).where(RoleTerm.member_id == deputy.id)
    now = clock.now()
    quiz = make_quiz(
        session, secretary, title=secret, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1)
    )
    days = {"first": clock.local_day(MORNING), "last": clock.local_day(MORNING)}
    return {
        "quiz_id": quiz,
        "attempt_id": hand_in(session, quiz, member, ("A", "B", "C", "D", "F")).id,
        "item_id": make_item(session, secretary, secret, month=clock.first_of_month(clock.today())),
        "material_id": make_material(session, secretary, secret, body=secret),
        "list_id": make_list(session, secretary, member, title=secret),
        "draw_id": spot_checks.promise(session, secretary.actor, id=new_id(), percent=10, **days).id,
        "question_id": bank.questions(session, secretary.branch_id)[0].id,
        "member_id": member.id,
        "appraisal_id": make_appraisal(session, secretary, member),
        "half_day_id": make_half_day(session, member),
        "entry_id": enter_decided(session, secretary, member, title=secret),
        "review_id": record,
        "record_id": record,
        "leave_id": leave_id,
        "finding_id": finding_id,
        "duty_id": duty,
        "event_id": meetings[0],
        "suspension_id": rest(session, secretary, member),
        "left_out_id": leave_out(session, secretary, meetings[0], deputy),
        "resolution_id": vote(session, secretary, meetings[1], 1, wording=secret),
        "election_id": elections.call_election(
            session, secretary.actor, event_id=meetings[1], id=new_id(), **candidates
        ),
        "make_up_id": make_up.id,
        "guest_id": guest.id,
        "talk_id": talks.note_talk(session, member.actor, partner_id=deputy.id, day=clock.today()),
        "attachment_id": enter(session, secretary, away.name, deputy),
        "tick_id": ticks.last_ticks(session, meetings[1])[member.id].id,
        "report_id": report(session, member, duty).id,
        "pledge_id": ended,
        "ending_id": word,
        "photo_id": make_photo(session, member),
        "term_id": term.id,
        "exemption_id": exemption.id,
        "proposal_id": proposal.id,
        "publicity_id": published(session, secretary, deputy, quarter=1),
        "objection_id": object_to(session, member, year=2026, quarter=1, words=secret),
        "veto_id": _veto(session, secretary, member, secret),
        "letter_id": _letter(session, secretary, member, secret),
        "signature_id": _signature(session, secretary, member),
    }


def _veto(session, officer, member, secret):
    said = {"year": clock.today().year, "kind": Veto.FALSIFIED, "document": "1", "dated": clock.today()}
    veto = MemberVeto(member_id=member.id, basis=secret, entered_by_id=officer.id, **said)
    session.add(veto)
    session.flush()
    return veto.id


def _letter(session, officer, member, secret):
    said = {"year": clock.today().year, "document": "1", "mean": 900}
    letter_id = new_id()
    letters.enter_letter(session, officer.actor, id=letter_id, member_id=member.id, host=secret, **said)
    return letter_id


def _signature(session, officer, member):
    today = clock.today()
    said = {"year": today.year - 1, "version": 1, "opened_on": today, "due_on": today + timedelta(days=7)}
    signature = Signature(member_id=member.id, branch_id=officer.branch_id, opened_by_id=officer.id, **said)
    session.add(signature)
    session.flush()
    return signature.id


def _words():
    return {
        "token": "k7qm2xnb9dfhk7qm",
        "form": "badge",
        "name": "main-AAAAAAAA.js",
        "way": "wecom",
        "file_name": "a.pdf",
        "year": 2026,
        "quarter": 1,
        "month": "2026-03",
        "rule_id": "B2",
        "size": SMALL,
        "kind": "members_meeting",
        "source": "duty",
        "subject_id": new_id(),
        "version": "2026.1",
        "piece": "B2",
    }


@pytest.fixture
def engine_kind():
    """One engine: what is asked here is asked before the database."""
    return "sqlite"


@pytest.fixture
def house(engines, engine_kind, given):
    return given(make_house, engines.get(engine_kind)[1])


def doors(application, *, reading):
    """Each address with the permissions that its door asks for; none where everybody may come."""
    for methods, path, door in route_doors(application):
        if door is None or (set(methods.split(",")) <= READING_METHODS) is not reading:
            continue
        words = frozenset(door.split(",")[0].split(" or "))
        known = frozenset(Permission(word) for word in words & frozenset(Permission))
        yield path, frozenset() if words == {EVERYBODY} else known or frozenset({Permission.HAVE_ACCOUNT})


def addresses(path, ids):
    """The address with the own record and with one of another branch; one if it names no record."""
    names = PARAMETER.findall(path)
    unknown = [name for name in names if name not in ids]
    assert not unknown, f"{path}: say in ids what {unknown} is, in the own branch and in another one"
    own, foreign = path, path
    for name in names:
        word = re.compile(rf"{{{name}(?::\w+)?}}")
        own, foreign = word.sub(str(ids[name][0]), own), word.sub(str(ids[name][1]), foreign)
    return {"own": own} if own == foreign else {"own": own, "foreign": foreign}


def is_page(response):
    return response.headers.get("content-type", "").startswith("text/html")


def names_a_record(path):
    return bool(set(PARAMETER.findall(path)) - SAME_EVERYWHERE)


def problems_of(response, *, who, path, kind, wanted, person):
    """What is wrong with an answer, in words."""
    at = f"{who} {kind} {path}: {response.status_code}"
    if response.status_code not in KINDLY | {401, 503}:
        yield f"{at}, which nobody should see"
    if person is None and wanted and response.status_code not in (303, 401, 422):
        yield f"{at}, and nobody is signed in"
    lacks = person is not None and wanted and not person.actor.permissions & wanted
    if lacks and response.status_code not in (403, 404, 422):
        yield f"{at}, without {sorted(wanted)}"


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch):
    """How often strangers asked other systems' addresses in earlier tests is forgotten."""
    monkeypatch.setattr(machines, "_pace", Pace())


@pytest.mark.parametrize("who", ["nobody", *PEOPLE])
def test_everybody_reads_what_is_theirs(client, application, house, who):
    people, ids = house
    person = people.get(who)
    headers = as_member(person) if person else {}
    wrong, seen, answers, ways = [], 0, Counter(), {}
    for path, wanted in doors(application, reading=True):
        for kind, address in addresses(path, ids).items():
            response = client.get(address, headers=headers)
            answers[response.status_code] += 1
            wrong += problems_of(response, who=who, path=path, kind=kind, wanted=wanted, person=person)
            if is_page(response):
                found = ways_on(response.text, "community" if who == "collector" else "member")
                ways |= dict.fromkeys(found, path)
                if not found:
                    wrong.append(f"{who} {kind} {path}: {response.status_code}, no lit tab and no way back")
            if SECRET in response.text:
                seen += 1
                if who in ("nobody", "sylvia", "collector", *OWN_BRANCH):
                    wrong.append(f"{who} reads of the other branch at {path}")
    for way, path in ways.items():
        if (status := client.get(way, headers=headers).status_code) not in (200, 303, 405):
            wrong.append(f"{who} {path}: the way back to {way} answers {status}")
    assert not wrong, "\n".join(wrong)
    assert sum(answers.values()) > 100
    if who == "oscar":
        assert seen > 3, "the other branch's own secretary reads it, so it can be seen"


@pytest.mark.parametrize("who", ["nobody", *PEOPLE])
def test_everybody_writes_what_is_theirs(client, application, house, who):
    """With nothing filled in: the door is asked, and no record of another branch is found behind it."""
    people, ids = house
    person = people.get(who)
    headers = as_member(person) if person else {}
    wrong, number = [], 0
    for path, wanted in doors(application, reading=False):
        if path in OPEN_ELSEWHERE or SPENT.fullmatch(path):
            continue
        for kind, address in reversed(addresses(path, ids).items()):
            number += 1
            response = client.post(address, data={"x": "1"}, headers=headers)
            wrong += problems_of(response, who=who, path=path, kind=kind, wanted=wanted, person=person)
            if is_page(response) and response.status_code == BadInputError.status:
                wrong += [f"{who} {kind} {path}: {problem}" for problem in error_problems(response.text)]
                part = client.post(address, data={"x": "1"}, headers=headers | HTMX)
                whole = "<html" in part.text  # a form that htmx does not send
                wrong += [
                    f"{who} {kind} {path} (htmx): {problem}" for problem in error_problems(part.text, whole=whole)
                ]
            asks = kind == "foreign" and who in OWN_BRANCH and names_a_record(path)
            if asks and response.status_code not in REFUSED and not GONE_ANYWAY.fullmatch(path):
                wrong.append(f"{who} changed something of the other branch at {path}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert number > 80


def test_a_new_word_in_an_address_is_noticed():
    with pytest.raises(AssertionError, match="say in ids"):
        addresses("/secrets/{secret_id}", {})

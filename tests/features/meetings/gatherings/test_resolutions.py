"""Votes: what they need is said before, what they came to is computed and kept as it was, and two people correct it."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.errors import ImpossibleError
from app.core.ids import new_id
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.counted.rules import NoVotesError, Reason, Rests
from app.features.meetings.resolutions import rules, service
from app.features.meetings.resolutions.models import Resolution
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.votes.rules import Matter, VoteOutcome
from app.features.members.models import Member
from app.features.members.rules import MemberStatus, Role
from app.features.members.two_people import Second, Stands
from tests.features.meetings.gatherings.makers import AFTERWARDS, FRIDAY, make_meeting, tick
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_member
from tests.page import page
from tests.races import race


def held_meeting(session, *, full, resting=0, out=0, probationary=0, present):
    """A branch of so many people, its members' meeting and who came; gives its secretary and the meeting."""
    branch = make_branch(session, "示例支部")
    sam = make_member(session, branch, "沈山", roles=(Role.SECRETARY,))
    others = [make_member(session, branch, f"王{number}") for number in range(full - 1)]
    young = [make_member(session, branch, f"预{n}", status=MemberStatus.PROBATIONARY) for n in range(probationary)]
    event_id = make_meeting(session, sam)
    said = {
        "stands": Stands.CONFIRMED,
        "decided_at": AFTERWARDS,
        "entered_by_id": sam.id,
        "decided_by_id": others[0].id,
    }
    for one in others[-resting:] if resting else ():
        session.add(Suspension(member_id=one.id, rests=Rests.PROBATION, starts_on=FRIDAY, document="1", **said))
    for one in others[-out:] if out else ():
        why = {"reason": Reason.ABROAD, "consent": "12号", "consented_on": FRIDAY, "adopted": True}
        session.add(LeftOut(event_id=event_id, member_id=one.id, **why, **said))
    session.flush()
    tick(session, sam, event_id, but=dict.fromkeys(others[present - 1 :], Mark.ABSENT))
    return sam, event_id, others, young


def vote(session, by, event_id, yes, matter=Matter.ORDINARY, **said):
    _event, before = service.ready(session, by.actor, event_id, matter)
    said = {"id": new_id(), "wording": "同意", "no": 0, "abstain": 0, **said, "yes": yes}
    seen = said.pop("seen", (before.n, before.present))
    return service.record_vote(session, by.actor, event_id=event_id, matter=matter, seen=seen, **said)


def waiting(client, person):
    """What waits for the second word of a person, on the page of today."""
    links = page(client.get("/", headers=as_member(person))).select("main a[href^='/meetings/']")
    return {one["href"] for one in links} - {"/meetings/calendar", "/meetings/new"}


def row_of(database, resolution_id):
    with database.read() as session:
        return session.get_one(Resolution, UUID(str(resolution_id)))


CARRIED, NOT, NONE = VoteOutcome.CARRIED, VoteOutcome.NOT_CARRIED, VoteOutcome.NO_QUORUM
EXAMPLES = {
    1: ((16, 0, 0, 2), Matter.ORDINARY, 8, 8, 0, 16, "at least 8 must come; 9 in favour", NOT),
    2: ((16, 0, 0, 2), Matter.ADMISSION, 8, 8, 1, 16, "at least 9 must come; 9 in favour", NONE),
    3: ((16, 0, 0, 2), Matter.ADMISSION, 9, 8, 1, 16, "at least 9 must come; 9 in favour", CARRIED),
    4: ((16, 0, 0, 2), Matter.ORDINARY, 9, 8, 1, 16, "at least 8 must come; 9 in favour", NOT),
    5: ((15, 0, 0, 0), Matter.ADMISSION, 8, 8, 0, 15, "at least 8 must come; 8 in favour", CARRIED),
    6: ((12, 1, 0, 3), Matter.ORDINARY, 6, 6, 0, 11, "at least 6 must come; 6 in favour", CARRIED),
    7: ((10, 0, 0, 0), Matter.ELECTION, 8, 5, 0, 10, "at least 8 must come; elected with 5", VoteOutcome.ELECTED),
    8: ((10, 0, 0, 0), Matter.ELECTION, 8, 4, 0, 10, "at least 8 must come; elected with 5", VoteOutcome.NOT_ELECTED),
    9: ((6, 0, 0, 0), Matter.ELECTION, 4, 0, 0, 6, "at least 5 must come", NONE),
    10: ((11, 0, 1, 0), Matter.ELECTION, 8, 5, 0, 10, "at least 8 must come; elected with 5", VoteOutcome.ELECTED),
    11: ((3, 0, 0, 0), Matter.ORDINARY, 2, 2, 0, 3, "at least 2 must come; 2 in favour", CARRIED),
    12: ((50, 0, 0, 0), Matter.ADMISSION, 26, 25, 0, 50, "at least 26 must come; 26 in favour", NOT),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_worked_examples(client, database, given, english, number):
    (full, resting, out, probationary), matter, present, yes, written, n, needed, outcome = EXAMPLES[number]
    sam, event_id, others, _young = given(
        held_meeting, full=full, resting=resting, out=out, probationary=probationary, present=present
    )
    headers, form = ENGLISH | as_member(sam), {"id": str(new_id())}
    if matter is Matter.ELECTION:
        call = form | {"office": "secretary", "seats": "1", "candidate_ids": [str(sam.id), str(others[0].id)]}
        assert client.post(f"/meetings/{event_id}/elections", data=call, headers=headers).status_code == 303
        address = f"/meetings/elections/{form['id']}"
        form = {"issued": str(present), "collected": str(present), "candidates": [str(sam.id), str(others[0].id)]}
        form |= {"votes": [str(yes), "0"], "id": str(new_id())}
        shown = page(client.get(address, headers=headers))
    else:
        shown = page(client.get(f"/meetings/{event_id}/votes?matter={matter}", headers=headers))
        address = f"/meetings/{event_id}/votes"
        form |= {
            "matter": matter.value,
            "wording": "议题",
            "yes": str(yes),
            "written_yes": str(written),
            "about": "丁申",
        }
    before = " ".join(shown.get_text(" ").split())
    how_n = f"= {n} " if resting or out else f"vote {n} full members "
    assert how_n in before
    assert needed in before
    hidden = {name: shown.select_one(f"[name={name}]")["value"] for name in ("n", "present")}
    assert hidden == {"n": str(n), "present": str(present)}
    assert client.post(address, data=form | hidden, headers=headers).status_code == 303
    row = row_of(database, form["id"])
    assert (row.n, row.present, row.outcome) == (n, present, outcome)
    assert ((row.yes, row.result) == (None, None)) == (outcome is NONE)
    told = " ".join(page(client.get(f"/meetings/votes/{row.id}", headers=headers)).get_text(" ").split())
    assert how_n in told
    assert str(outcome.label) in told


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_sam_records_a_vote_everybody_expected_reads_it_and_strangers_do_not(
    client, database, given, sam, dora, alice, bob, olga, headers, status
):
    event_id = given(make_meeting, sam)
    early = page(client.get(f"/meetings/{event_id}/votes", headers=ENGLISH | as_member(sam)))
    assert "Record first who was there" in early.get_text()
    assert not early.select("[name=yes]")
    given(tick, sam, event_id, but={bob: Mark.ABSENT})
    form = {"id": str(new_id()), "matter": "ordinary", "wording": "<b>计划</b>", "n": "4", "present": "3", "yes": "3"}
    for _ in range(2):  # twice is once
        answer = client.post(f"/meetings/{event_id}/votes", data=form, headers=headers | as_member(sam))
        assert answer.status_code in (status, 204)
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(alice))).select("#votes li")
    assert [one.get_text(" ", strip=True) for one in shown] == ["<b>计划</b> An ordinary matter Carried"]
    read = " ".join(
        page(client.get(f"/meetings/votes/{form['id']}", headers=ENGLISH | as_member(alice))).get_text().split()
    )
    assert "4 full members =" not in read
    assert "for 3, against 0, abstained 0" in read
    assert "Art. 11" in read
    assert client.get(f"/meetings/votes/{form['id']}", headers=as_member(olga)).status_code == 404
    assert client.get(f"/meetings/{event_id}/votes", headers=as_member(alice)).status_code == 403
    form["id"] = str(new_id())
    assert client.post(f"/meetings/{event_id}/votes", data=form, headers=as_member(olga)).status_code == 403


def test_numbers_that_do_not_add_up_are_refused_and_stay_in_the_form(client, given, sam, dora, alice, bob):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={bob: Mark.SICK})
    form = {"id": str(new_id()), "matter": "admission", "wording": "接收", "about": "丁申", "n": "4", "present": "3"}
    wrong = {
        "more than the people present": {"yes": "3", "no": "1"},
        "more written opinions": {"yes": "3", "written_yes": "2"},
        "how many voted for it": {},
        "out of the room than came": {"yes": "1", "out_of_room": "4"},
        "By now 4 have a vote and 3 of them came": {"yes": "3", "present": "4"},
    }
    for sentence, said in wrong.items():
        answer = client.post(f"/meetings/{event_id}/votes", data=form | said, headers=ENGLISH | as_member(sam))
        shown = page(answer, 409 if "By now" in sentence else 422)
        assert sentence in shown.get_text()
        assert shown.select_one("textarea[name=wording]").get_text() == "接收"
    not_here = client.get(f"/meetings/{event_id}/votes?matter=committee", headers=as_member(sam))
    assert not_here.status_code == 404


def test_a_near_tie_points_to_the_constitution_and_who_left_the_room_does_not_count(client, database, given):
    sam, event_id, _others, _young = given(held_meeting, full=9, present=9)
    resolution_id = given(vote, sam, event_id, 4, no=3, out_of_room=1)
    row = row_of(database, resolution_id)
    assert (row.present, row.outcome, row.near_tie) == (8, NOT, True)
    told = page(client.get(f"/meetings/votes/{resolution_id}", headers=ENGLISH | as_member(sam))).get_text()
    assert "Art. 17" in told


def test_conversion_waits_for_the_end_of_probation_and_extension_happens_once(client, database, given):
    sam, event_id, _others, (young, other) = given(held_meeting, full=4, probationary=2, present=4)

    def joined(session, whom, day):
        session.get_one(Member, whom.id).joined = day

    given(joined, young, "2025-11-07")
    with pytest.raises(rules.TooEarlyToConvertError) as refused, database.write() as session:
        vote(session, sam, event_id, 4, Matter.CONVERSION, about_id=young.id)
    assert "11月7日" in refused.value.sentence
    with pytest.raises(rules.AdmittedMissingError), database.write() as session:
        vote(session, sam, event_id, 4, Matter.CONVERSION, about_id=other.id)
    given(vote, sam, event_id, 4, Matter.CONVERSION, about_id=other.id, admitted_on=date(2025, 11, 6))
    with pytest.raises(ImpossibleError), database.write() as session:  # from a form without months
        vote(session, sam, event_id, 3, Matter.EXTENSION, about_id=young.id)
    given(vote, sam, event_id, 3, Matter.EXTENSION, about_id=young.id, months=6)
    with pytest.raises(rules.ExtendedAlreadyError), database.write() as session:
        vote(session, sam, event_id, 3, Matter.EXTENSION, about_id=young.id, months=6)
    given(joined, young, "2025-10-01")
    with pytest.raises(rules.TooEarlyToConvertError) as refused, database.write() as session:
        vote(session, sam, event_id, 4, Matter.CONVERSION, about_id=young.id)
    assert "2027年4月1日" in refused.value.sentence
    with pytest.raises(rules.AboutMissingError), database.write() as session:
        vote(session, sam, event_id, 3, Matter.CANCELLATION, about_id=sam.id)


def test_a_correction_begins_with_every_number_as_it_was_and_changed_hidden_fields_are_refused(client, database, given):
    sam, event_id, _others, _young = given(held_meeting, full=4, present=3)
    first, other = given(vote, sam, event_id, 0, no=3), given(vote, sam, event_id, 2)
    shown = page(client.get(f"/meetings/votes/{first}", headers=as_member(sam)))
    assert [shown.select_one(f"[name={name}]")["value"] for name in ("present", "yes", "no")] == ["3", "0", "3"]
    form = {"id": str(new_id()), "matter": "election", "wording": "选举", "n": "4", "present": "3", "yes": "3"}
    assert client.post(f"/meetings/{event_id}/votes", data=form, headers=as_member(sam)).status_code == 404
    form = {"id": str(other), "present": "3", "yes": "0", "reason": "记错"}
    assert client.post(f"/meetings/votes/{first}/correct", data=form, headers=as_member(sam)).status_code == 409
    with database.read() as session:
        assert session.query(Resolution).count() == 2


def test_the_same_form_once_more_is_once_and_with_other_words_it_is_refused(client, database, given):
    sam, event_id, others, (young, other) = given(held_meeting, full=4, probationary=2, present=3)
    headers, sent = as_member(sam), {"n": "4", "present": "3", "yes": "1", "wording": "延长预备期"}
    for said in (
        {"matter": "ordinary", "out_of_room": "2"},
        {"matter": "extension", "months": "6"},
    ):  # the first: no quorum
        form = sent | said | {"id": str(new_id()), "about_id": str(young.id)}
        for _ in range(2):
            assert client.post(f"/meetings/{event_id}/votes", data=form, headers=headers).status_code == 303
        changes = [{"wording": "不延长"}, {"secret": "yes"}, {"out_of_room": "1"}]
        if said["matter"] == "extension":
            changes += [{"abstain": "1"}, {"about_id": str(other.id)}, {"months": "7"}]
        for change in changes:
            answer = client.post(f"/meetings/{event_id}/votes", data=form | change, headers=headers)
            assert answer.status_code == 409, change
    given(tick, sam, event_id, but={others[2]: Mark.PRESENT})
    assert client.post(f"/meetings/{event_id}/votes", data=form, headers=headers).status_code == 303  # as it was then
    fix = {"id": str(new_id()), "present": "3", "yes": "2", "reason": "记错"}
    for change, status in (({}, 303), ({}, 303), ({"yes": "3"}, 409), ({"reason": "另有原因"}, 409)):
        answer = client.post(f"/meetings/votes/{form['id']}/correct", data=fix | change, headers=headers)
        assert answer.status_code == status
    with database.read() as session:
        assert session.query(Resolution).count() == 3


def test_what_changes_later_never_changes_a_result(database, given):
    sam, event_id, others, _young = given(held_meeting, full=4, present=3)
    resolution_id = given(vote, sam, event_id, 3)
    before = row_of(database, resolution_id)

    def change(session):
        session.get_one(Member, others[0].id).status = MemberStatus.PROBATIONARY
        branch_id = session.get_one(Member, others[1].id).branch_id
        session.get_one(Member, others[1].id).left_on = FRIDAY
        tick(session, sam, event_id, but={others[2]: Mark.PRESENT})
        return branch_id

    given(change)
    after = row_of(database, resolution_id)
    assert (after.n, after.present, after.outcome) == (before.n, before.present, before.outcome) == (4, 3, CARRIED)
    for statement in ("UPDATE resolutions SET yes = 4", "DELETE FROM resolutions"):
        with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
            session.execute(text(statement))


def test_a_correction_is_another_row_that_another_officer_confirms(client, database, given, sam, dora, alice, bob):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id)
    first = given(vote, sam, event_id, 2, no=2)
    form = {"id": str(new_id()), "present": "4", "yes": "3", "no": "1", "reason": "唱票记错"}
    for _ in range(2):  # twice is once
        assert client.post(f"/meetings/votes/{first}/correct", data=form, headers=as_member(sam)).status_code == 303
    again = client.post(f"/meetings/votes/{first}/correct", data=form | {"id": str(new_id())}, headers=as_member(dora))
    assert again.status_code == 409
    assert waiting(client, dora) == {f"/meetings/votes/{form['id']}"}
    assert waiting(client, sam) == set()
    address, said = f"/meetings/votes/{form['id']}/decide", {"second": "confirm"}
    assert client.post(address, data=said, headers=as_member(sam)).status_code == 403
    listed = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(alice))).select("#votes li")
    assert [one.select_one(".who").get_text() for one in listed] == ["Not carried"]  # the first one holds till then

    def decide(number):
        with database.write() as session:
            service.decide_correction(session, dora.actor, resolution_id=UUID(form["id"]), second=Second.CONFIRM)

    assert [getattr(one, "code", None) for one in race(2, decide)].count("waits_already") == 1
    listed = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(alice))).select("#votes li")
    assert [one.select_one(".who").get_text() for one in listed] == ["Carried"]
    kept = page(client.get(f"/meetings/votes/{first}", headers=ENGLISH | as_member(alice))).get_text()
    assert "This was corrected" in kept


def test_a_committee_votes_among_itself_and_joint_events_and_lectures_do_not(
    client, database, given, sam, dora, branch
):
    for name, role in (("欧组", Role.ORGANISATION), ("宣传", Role.PUBLICITY), ("纪检", Role.DISCIPLINE)):
        given(make_member, branch, name, roles=(role,))
    event_id = given(make_meeting, sam, Kind.COMMITTEE)
    given(tick, sam, event_id, but={dora: Mark.SICK})
    resolution_id = given(vote, sam, event_id, 3, Matter.COMMITTEE, no=1)
    row = row_of(database, resolution_id)
    assert (row.n, row.present, row.need_yes, row.outcome) == (5, 4, 3, CARRIED)
    for kinds in ((Kind.LECTURE,), (Kind.MEMBERS_MEETING, Kind.JOINT)):
        other = given(make_meeting, sam, *kinds)
        given(tick, sam, other)
        with pytest.raises(NoVotesError), database.write() as session:
            vote(session, sam, other, 3)


def test_the_database_holds_what_a_result_must_say(database, given):
    sam, event_id, _others, _young = given(held_meeting, full=4, present=3)
    good = {"event_id": event_id, "kind": Kind.MEMBERS_MEETING, "matter": Matter.ORDINARY, "wording": "议题"}
    good |= {"full_members": 4, "resting": 0, "left_out": 0, "n": 4, "present": 3, "need_present": 2, "need_yes": 3}
    good |= {"yes": 3, "no": 0, "abstain": 0, "outcome": CARRIED, "recorded_by_id": sam.id}
    broken = {
        "n_as_it_came_about": {"resting": 1},
        "present_among_entitled": {"present": 5, "yes": 0},
        "votes_of_present": {"yes": 4},
        "written_by_absent": {"written_yes": 2},
        "no_quorum_iff_too_few": {"need_present": 4},
        "no_result_without_quorum": {"need_present": 4, "outcome": NONE},
        "of_an_election_iff_elected": {"matter": Matter.ELECTION},
        "corrected_for_a_reason": {"reason": "错"},
    }
    for name, said in broken.items():
        with pytest.raises(DatabaseError, match=name), database.write() as session:
            session.add(Resolution(**good | said))

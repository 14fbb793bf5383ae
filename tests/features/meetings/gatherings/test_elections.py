"""Elections: candidates by strokes, a fifth more than seats; the tied vote again, for an empty seat a second time."""

import pytest
from sqlalchemy.exc import DatabaseError

from app.core.ids import new_id
from app.features.meetings.elections import service
from app.features.meetings.elections.strokes import in_order, unknown
from app.features.meetings.resolutions import rules
from app.features.meetings.resolutions.models import Election, Resolution
from app.features.meetings.resolutions.rules import Office
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.votes.rules import Ballots, VoteOutcome
from app.features.members.models import Organisation
from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import make_meeting, tick
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_member
from tests.page import page
from tests.races import race

NAMES = ("甲丁", "丁一", "于二", "王三", "石四", "江五")


def twelve(session):
    """Twelve full members, all there; gives the secretary, the meeting and those who stand, by name."""
    branch = make_branch(session, "换届支部")
    sam = make_member(session, branch, "沈山", roles=(Role.SECRETARY,))
    people = {name: make_member(session, branch, name) for name in NAMES}
    for number in range(5):
        make_member(session, branch, f"周{number}")
    event_id = make_meeting(session, sam)
    tick(session, sam, event_id)
    return sam, event_id, people


def deputy(session, of):
    """A second officer of the same branch, who joined after the meeting."""
    return make_member(session, session.get_one(Organisation, of.actor.branch_id), "窦兰", roles=(Role.DEPUTY,))


def call(session, by, event_id, people, office=Office.COMMITTEE, seats=3):
    ids = [one.id for one in people]
    said = {"office": office, "seats": seats, "candidate_ids": ids}
    return service.call_election(session, by.actor, event_id=event_id, id=new_id(), **said)


def count(session, by, election_id, votes, n=12, present=12, **said):
    ballots = Ballots(**{"issued": 12, "collected": 12, **said})
    votes = {str(one.id): number for one, number in votes.items()}
    asked = {"id": new_id(), "seen": (n, present), "out_of_room": 0, "ballots": ballots, "votes": votes}
    return service.record_election(session, by.actor, election_id=election_id, **asked)


def test_a_tie_at_the_last_seat_votes_again_among_the_tied(client, database, given):
    sam, event_id, people = given(twelve)
    _none, a, b, c, d, e = people.values()
    election_id = given(call, sam, event_id, [a, b, c, d, e])
    headers = ENGLISH | as_member(sam)
    ballots = {"id": str(new_id()), "n": "12", "present": "12", "issued": "12", "collected": "12"}
    ballots |= {"candidates": [str(one.id) for one in (a, b, c, d, e)], "votes": ["10", "8", "7", "7", "4"]}
    fewer = ballots | {"candidates": [str(a.id)], "votes": ["10"]}
    assert client.post(f"/meetings/elections/{election_id}", data=fewer, headers=headers).status_code == 409
    assert client.post(f"/meetings/elections/{election_id}", data=ballots, headers=headers).status_code == 303
    for address, rows in (("", "#votes li b"), ("/elections", "#elections li b")):
        told = page(client.get(f"/meetings/{event_id}{address}", headers=headers)).select_one(rows).get_text()
        assert told == "Committee members, seats: 3"
    shown = " ".join(page(client.get(f"/meetings/elections/{election_id}", headers=headers)).get_text(" ").split())
    assert "Elected 丁一, 于二" in shown
    assert "Tied, to vote again among them 王三, 石四; seats: 1" in shown
    for _ in range(2):  # twice is once
        assert client.post(f"/meetings/elections/{election_id}/next", headers=as_member(sam)).status_code == 303
    with database.read() as session:
        _first, again = service.of_event(session, event_id)
    assert (again.seats, again.re_ballot, [name for _id, name in again.candidates]) == (1, True, ["王三", "石四"])
    given(count, sam, again.id, {c: 7, d: 5})
    with database.read() as session:
        result = session.query(Resolution).where(Resolution.election_id == again.id).one()
    assert (result.outcome, result.result["elected"]) == (VoteOutcome.ELECTED, [str(c.id)])
    with pytest.raises(rules.NoFurtherRoundError), database.write() as session:
        service.next_round(session, sam.actor, election_id=again.id)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_an_election_is_called_and_counted_on_its_pages(client, database, given, olga, headers, status):
    sam, event_id, people = given(twelve)
    stand = {name: str(one.id) for name, one in people.items()}
    form = {"id": str(new_id()), "office": "committee", "seats": "3", "candidate_ids": [stand["石四"], stand["丁一"]]}
    few = page(client.post(f"/meetings/{event_id}/elections", data=form, headers=ENGLISH | as_member(sam)), 422)
    assert "For 3 seats there must be at least 4 candidates" in few.get_text()
    assert len(few.select("[name=candidate_ids][checked]")) == 2
    form["candidate_ids"] = list(stand.values())
    for _ in range(2):
        answer = client.post(f"/meetings/{event_id}/elections", data=form, headers=headers | as_member(sam))
        assert answer.status_code in (status, 204)
    address = f"/meetings/elections/{form['id']}"
    shown = page(client.get(address, headers=ENGLISH | as_member(sam)))
    listed = [one.get_text() for one in shown.select("fieldset .f label")]
    assert listed == ["丁一", "于二", "王三", "石四", "江五", "甲丁"]  # 2, 3, 4, 5, 6 strokes; one that is not known
    assert "stand last: 甲丁" in shown.get_text()
    ballots = {"id": str(new_id()), "n": "12", "present": "12", "issued": "12", "collected": "12", "too_many": "1"}
    ballots |= {"candidates": list(stand.values()), "votes": ["0", "12", "0", "0", "0", "0"]}
    wrong = page(client.post(address, data=ballots, headers=ENGLISH | as_member(sam)), 422)
    assert "more votes than the valid ballots" in wrong.get_text()
    assert wrong.select_one("#votes-1")["value"] == "12"
    ballots["votes"] = ["0", "9", "8", "3", "2", "1"]
    assert client.post(address, data=ballots, headers=headers | as_member(sam)).status_code in (status, 204)
    assert client.post(f"{address}/next", headers=headers | as_member(sam)).status_code in (status, 204)
    for change in ({"votes": ["0", "8", "9", "3", "2", "1"]}, {"too_many": "0"}):
        assert client.post(address, data=ballots | change, headers=headers | as_member(sam)).status_code == 409
    fewer_seats = client.post(f"/meetings/{event_id}/elections", data=form | {"seats": "2"}, headers=as_member(sam))
    assert fewer_seats.status_code == 409  # ballots are printed of what was called
    with database.read() as session:
        _first, second = service.of_event(session, event_id)
    assert (second.seats, second.re_ballot, len(second.candidates)) == (1, False, 4)
    rounds = page(client.get(f"/meetings/{event_id}/elections", headers=ENGLISH | as_member(sam))).select("li b")
    assert [one.get_text().split(", ")[1] for one in rounds] == ["seats: 3", "seats: 1 · second round"]
    assert client.get(address, headers=as_member(olga)).status_code == 403


def test_before_the_list_is_ticked_an_election_names_no_number_of_votes(client, given, sam, dora, alice, bob):
    event_id = given(make_meeting, sam)
    election_id = given(call, sam, event_id, [dora], Office.SECRETARY, 1)
    for address in (f"/meetings/{event_id}/elections", f"/meetings/elections/{election_id}"):
        read = " ".join(page(client.get(address, headers=ENGLISH | as_member(sam))).get_text(" ").split())
        assert "Came, with a vote not recorded yet" in read
        assert "at least 4 must come; elected with more than half of those who came" in read
    given(tick, sam, event_id)
    read = page(client.get(address, headers=ENGLISH | as_member(sam))).get_text()
    assert "elected with 3 votes" in read


def test_a_small_branch_elects_a_secretary_and_no_committee(database, given, sam, dora, alice, bob, olga):
    event_id = given(make_meeting, sam)
    for refusal, said in {
        rules.TooSmallForCommitteeError: {"people": [sam, dora, alice, bob]},
        rules.OneSeatError: {"people": [sam, dora], "office": Office.SECRETARY, "seats": 2},
        service.NotOfTheBranchError: {"people": [sam, olga], "office": Office.SECRETARY, "seats": 1},
    }.items():
        with pytest.raises(refusal), database.write() as session:
            call(session, sam, event_id, **said)
    given(tick, sam, event_id, but={bob: Mark.ABSENT, alice: Mark.SICK})
    election_id = given(call, sam, event_id, [dora], Office.SECRETARY, 1)
    given(count, sam, election_id, {dora: 2}, 4, 2, issued=2, collected=2)
    with database.read() as session:
        row = session.query(Resolution).one()
    assert (row.outcome, row.need_present, row.result) == (VoteOutcome.NO_QUORUM, 4, None)


def test_ballots_counted_wrongly_are_corrected_by_two_before_the_next_round_is_called(client, database, given):
    sam, event_id, people = given(twelve)
    _none, a, b, c, d, _last = people.values()
    election_id = given(call, sam, event_id, [a, b, c, d])
    first = given(count, sam, election_id, {a: 10, b: 8, c: 7, d: 6})
    dora = given(deputy, sam)
    address, headers = f"/meetings/elections/{election_id}", ENGLISH | as_member(sam)
    shown = page(client.get(address, headers=headers)).select_one("form[action$=correct]")
    assert [one["value"] for one in shown.select("[name=votes]")] == ["10", "8", "7", "6"]
    assert [shown.select_one(f"[name={name}]")["value"] for name in ("present", "issued", "too_many")] == [
        "12",
        "12",
        "0",
    ]
    form = {"id": str(new_id()), "present": "12", "issued": "12", "collected": "12", "reason": "唱票记错"}
    form |= {"candidates": [str(one.id) for one in (a, b, c, d)], "votes": ["10", "8", "6", "7"]}
    more = page(client.post(f"{address}/correct", data=form | {"votes": ["13", "0", "0", "0"]}, headers=headers), 422)
    assert "more votes than the valid ballots" in more.get_text()
    assert client.post(f"/meetings/votes/{first}/correct", data=form | {"yes": "1"}, headers=headers).status_code == 404
    for change, status in (({}, 303), ({}, 303), ({"votes": ["10", "8", "7", "7"]}, 409)):
        assert client.post(f"{address}/correct", data=form | change, headers=headers).status_code == status

    with database.read() as session:
        assert service.result_of(session, election_id).id == first  # it holds till then
    with pytest.raises(rules.CorrectedAlreadyError), database.write() as session:
        service.next_round(session, sam.actor, election_id=election_id)
    decide, said = f"/meetings/votes/{form['id']}/decide", {"second": "confirm"}
    assert client.post(decide, data=said, headers=as_member(sam)).status_code == 403
    assert client.post(decide, data=said, headers=as_member(dora)).status_code in (303, 204)
    for read in (address, f"{address}/papers", f"/meetings/{event_id}/record"):
        told = page(client.get(read, headers=headers)).get_text(" ")
        assert "丁一 10, 于二 8, 王三 6, 石四 7" in told
        assert "王三 7" not in told


def test_a_result_from_which_the_next_round_was_called_is_corrected_no_more(database, given):
    sam, event_id, people = given(twelve)
    _none, a, b, c, d, _last = people.values()
    election_id = given(call, sam, event_id, [a, b, c, d])
    given(count, sam, election_id, {a: 10, b: 8, c: 7, d: 7})
    given(service.next_round, sam.actor, election_id=election_id)
    said = {"id": new_id(), "present": 12, "reason": "错", "ballots": Ballots(12, 12)}
    said["votes"] = {str(one.id): 7 for one in (a, b, c, d)}
    with pytest.raises(rules.RoundFollowsError), database.write() as session:
        service.correct_election(session, sam.actor, election_id=election_id, **said)


def test_one_round_has_one_result_and_one_round_after_it(database, given):
    sam, event_id, people = given(twelve)
    stand = list(people.values())
    election_id = given(call, sam, event_id, stand)

    def act(number):
        with database.write() as session:
            count(session, sam, election_id, dict.fromkeys(stand, 0) | {stand[0]: 7 + number})

    assert [getattr(one, "code", None) for one in race(2, act)].count("corrected_already") == 1
    said = {"event_id": event_id, "office": Office.DEPUTY, "seats": 1, "candidates": [], "follows_id": election_id}
    said |= {"entered_by_id": sam.id}
    given(lambda session: session.add(Election(**said)))
    with pytest.raises(DatabaseError, match="follows_id"), database.write() as session:
        session.add(Election(**said))


def test_surnames_stand_by_strokes_and_of_one_by_pinyin():
    names = {
        name: name for name in ("沈山", "王小明", "艾莉", "包波", "窦兰", "丁一", "于二", "王二", "欧阳修", "某某")
    }
    assert in_order(names) == ["丁一", "于二", "王二", "王小明", "艾莉", "包波", "沈山", "欧阳修", "窦兰", "某某"]
    assert unknown(names) == ["某某"]

"""The branch's list: by group and name whatever anybody has, and what it lacks."""

from datetime import date

from app.core.clock import today
from app.features.shows.duties import queries, service
from app.features.shows.duties.coverage import coverage
from app.features.shows.duties.queries import by_person
from app.features.shows.duties.rules import DutyState
from tests.features.members.makers import make_exemption
from tests.features.shows.duties.makers import decide, make_duty, report
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page


def names_on(client, officer, show="due"):
    soup = page(client.get(f"/shows/duties/branch?show={show}", headers=ENGLISH | as_member(officer)))
    return [heading.contents[0].strip() for heading in soup.select("#branch-list h2")]


def test_people_stand_in_their_order_however_much_they_have(client, given, sam, alice, bob):
    given(make_duty, bob, due_on=date(2026, 3, 10))
    for _ in range(3):
        given(make_duty, alice, due_on=date(2026, 3, 12))
    before = names_on(client, sam)
    for _ in range(5):
        given(make_duty, bob, due_on=date(2026, 3, 3))
    assert names_on(client, sam) == before
    assert set(before) == {alice.name, bob.name}


def test_what_comes_later_is_under_everything(client, given, sam, alice):
    given(make_duty, alice, due_on=date(2026, 6, 30))
    assert names_on(client, sam) == ["Nothing is due within a week"]
    assert names_on(client, sam, "all") == [alice.name]


def test_who_has_left_is_named_so_that_somebody_takes_over(client, given, branch, sam):
    leaver = given(make_member, branch, name="去向明", left_on=date(2026, 3, 1))
    given(make_duty, leaver, due_on=date(2026, 3, 10))
    soup = page(client.get("/shows/duties/branch", headers=ENGLISH | as_member(sam)))
    assert leaver.name in soup.get_text()
    assert "hand these over" in soup.get_text()


def test_another_branch_is_not_in_it(client, given, sam, olga):
    given(make_duty, olga, due_on=date(2026, 3, 10))
    assert names_on(client, sam, "all") == ["Nothing is open"]


def test_coverage_is_of_the_list_and_never_of_one_beside_another(session, branch, alice, bob, sam, dora):
    late = make_duty(session, alice, due_on=date(2026, 3, 2))
    done = make_duty(session, bob)
    decide(session, sam, report(session, bob, done))
    report(session, alice, make_duty(session, alice))
    struck = make_duty(session, dora)
    service.cancel(session, sam.actor, duty_id=struck, reason="发错了人")
    make_duty(session, sam, due_on=date(2027, 1, 31))
    found = coverage(session, branch.id, 2026)
    assert (found.members, found.with_duties) == (4, 3)
    assert set(found.without) == {dora.name}
    assert (found.open, found.overdue, found.reported, found.ended) == (2, 1, 1, 1)
    assert found.not_settled == len(queries.unsettled(session, branch.id))
    assert late


def test_how_far_the_list_reaches_is_counted_where_the_duties_are(client, given, sam, alice, statements):
    for day in range(1, 29):
        given(make_duty, alice, due_on=date(2026, 6, day))
    statements.clear()
    said = page(client.get("/shows/branch", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert "Open 28 " in said
    assert not [asked for asked in statements if "duties.matter" in asked]


def test_who_is_exempt_is_not_named_as_without_duties(session, branch, alice, bob, sam, dora):
    for person in (alice, dora):
        make_exemption(session, person)
    make_duty(session, dora)
    found = coverage(session, branch.id, 2026)
    assert (found.members, found.with_duties) == (3, 1)
    assert set(found.without) == {bob.name, sam.name}


def test_who_helps_and_holds_it_for_a_while_sees_it_once(session, alice, bob, sam):
    duty_id = make_duty(session, alice, helper_ids=(bob.id,))
    service.hand_over(session, sam.actor, duty_id=duty_id, to_id=bob.id, starts_on=date(2026, 3, 9))
    mine = queries.mine(session, bob.actor)
    assert ([duty.id for duty in mine.later], list(mine.helping)) == ([duty_id], [])


def test_the_card_shows_the_year_and_nothing_struck(session, alice, sam):
    kept = make_duty(session, alice, matter="归档")
    decide(session, sam, report(session, alice, kept))
    make_duty(session, alice, matter="明年的事", due_on=date(2027, 1, 31))
    struck = make_duty(session, alice, matter="发错的事", by=sam)
    service.cancel(session, sam.actor, duty_id=struck, reason="发错了人")
    assert [(duty.matter, duty.state) for duty in queries.shown(session, alice.id, today().year)] == [
        ("归档", DutyState.KEPT)
    ]
    assert [duty.matter for duty in queries.shown_in_branch(session, alice.branch_id, 2026)[alice.id]] == ["归档"]


def test_the_order_is_the_one_of_people(session, alice, bob):
    for person in (bob, alice, bob):
        make_duty(session, person)
    duties = queries.of_year(session, alice.branch_id, 2026)
    assert [name for name, _ in by_person(duties, [alice.id, bob.id])] == [alice.name, bob.name]
    assert [name for name, _ in by_person(duties, [bob.id])] == [bob.name, alice.name]

"""Cards for paper: one's own for everybody, the branch's for its officers, a code only where its owner is public."""

import pytest

from app.features.shows.wall.rules import PrintForm
from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_approved
from tests.features.shows.public.makers import make_public, withdraw
from tests.makers import ENGLISH, as_member
from tests.page import page


def prints(client, person, form, *members):
    wanted = "&".join(f"member={member.id}" for member in members)
    return client.get(f"/shows/prints/{form}?{wanted}", headers=as_member(person))


@pytest.mark.parametrize("form", PrintForm)
def test_alice_prints_her_own_card_in_each_form(client, given, alice, bob, sam, form):
    given(make_approved, alice, sam, "每周三到窗口值班", "每月研读一部法规")
    said = page(prints(client, alice, form)).get_text()
    assert alice.name in said
    assert bob.name not in said
    assert ("每周三到窗口值班" in said) is (form is PrintForm.SHEET)


def test_alice_prints_nobody_elses(client, alice, bob):
    assert prints(client, alice, PrintForm.PLATE, bob).status_code == 404
    assert prints(client, alice, PrintForm.PLATE, alice, bob).status_code == 404


def test_sam_prints_several_at_once_and_only_of_his_branch(client, alice, bob, sam, olga):
    soup = page(prints(client, sam, PrintForm.BADGES, alice, bob, olga))
    assert {name.get_text() for name in soup.select(".badge h2")} == {alice.name, bob.name}
    assert prints(client, sam, PrintForm.BADGES, olga).status_code == 404


def test_the_choice_offers_people_to_officers_alone(client, alice, bob, sam):
    assert not page(client.get("/shows/print", headers=as_member(alice))).select("[name=member]")
    boxes = page(client.get("/shows/print", headers=as_member(sam))).select("[name=member]")
    assert {str(alice.id), str(bob.id)} <= {box["value"] for box in boxes}


def test_ticked_are_all_at_first_or_none_or_the_one_whose_card_led_here(client, alice, bob, sam):
    def ticked(asked=""):
        boxes = page(client.get(f"/shows/print{asked}", headers=as_member(sam))).select("[name=member][checked]")
        return {box["value"] for box in boxes}

    assert {str(alice.id), str(bob.id)} <= ticked()
    assert ticked("?ticked=none") == set()
    card = page(client.get(f"/shows/members/{bob.id}", headers=as_member(sam)))
    (way,) = card.select("a[href^='/shows/print']")
    assert ticked(way["href"].removeprefix("/shows/print")) == {str(bob.id)}


def test_the_code_stands_there_only_while_its_owner_wants_it(client, given, alice, sam):
    def codes():
        return page(prints(client, sam, PrintForm.SMALL_PLATE, alice)).select(".print-code svg")

    assert not codes()
    given(make_public, alice)
    assert codes()
    given(withdraw, alice)
    assert not codes()


def test_a_form_that_is_none_is_not_found(client, alice):
    assert client.get("/shows/prints/poster", headers=as_member(alice) | ENGLISH).status_code in (404, 422)


def test_the_stranger_is_led_to_the_door(client, alice):
    for path in ("/shows/wall", "/shows/print", "/shows/prints/plate", "/shows/branch", "/shows/promises"):
        assert client.get(path).headers["location"].startswith("/sign-in")


def test_who_chooses_reads_names_and_no_cards(client, given, alice, sam, statements):
    given(make_approved, alice, sam, "每周三到窗口值班", "每月研读一部法规")
    statements.clear()
    boxes = page(client.get("/shows/print", headers=as_member(sam))).select("[name=member]")
    assert str(alice.id) in {box["value"] for box in boxes}
    assert not [asked for asked in statements if "duties" in asked or "pledges" in asked or "card_identities" in asked]


def test_the_print_of_one_reads_the_one_alone(client, given, alice, bob, sam, statements):
    given(make_duty, bob, matter="整理台账")
    given(make_duty, alice, matter="更新展板")
    given(make_approved, bob, sam, "每周三到窗口值班", "每月研读一部法规")
    statements.clear()
    said = page(prints(client, alice, PrintForm.SHEET)).get_text()
    assert "更新展板" in said
    assert "整理台账" not in said
    lists = [asked for asked in statements if "FROM duties" in asked or "FROM pledges" in asked]
    assert len(lists) == 2
    assert all(" IN (" in asked.rpartition("WHERE")[2] for asked in lists)

"""The branch's wall: everybody of the own branch by group and name, with what the branch approved, and nobody else."""

from tests.features.members.makers import make_exemption
from tests.features.shows.cards.makers import make_identity
from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_approved, make_draft
from tests.makers import ENGLISH, as_member, make_group, make_member
from tests.page import page


def names(soup):
    return [card.select_one("b.t").get_text() for card in soup.select(".wall-card")]


def test_the_wall_shows_the_branch_by_group_and_name(client, given, branch, alice, bob, sam, dora, olga):
    group = given(make_group, branch, name="第二党小组")
    given(make_member, branch, name="安心", group=group)
    soup = page(client.get("/shows/wall", headers=as_member(alice)))
    shown = names(soup)
    assert set(shown) == {alice.name, bob.name, sam.name, dora.name, "安心"}
    assert olga.name not in shown
    groups = [title.get_text() for title in soup.select(".wall-title")]
    assert groups == sorted(groups, key=lambda name: ("没有" in name or "未" in name, name))


def test_more_pledges_do_not_bring_anybody_forward(client, given, alice, bob, sam):
    before = names(page(client.get("/shows/wall", headers=as_member(bob))))
    given(make_approved, alice, sam)
    assert names(page(client.get("/shows/wall", headers=as_member(bob)))) == before


def test_a_draft_is_its_writers_own(client, given, alice, bob, sam):
    given(make_draft, alice, text="把还没想好的写下来")
    given(make_identity, alice)
    said = page(client.get("/shows/wall", headers=as_member(bob))).get_text()
    assert "把小事办好" in said
    assert "把还没想好的写下来" not in said
    given(make_approved, alice, sam, "每周三到窗口值班", "每月研读一部法规")
    assert "每周三到窗口值班" in page(client.get("/shows/wall", headers=as_member(bob))).get_text()


def test_the_wall_of_a_large_branch_costs_the_same_statements(client, given, branch, alice, sam, statements):
    client.get("/shows/wall", headers=as_member(alice))
    statements.clear()
    client.get("/shows/wall", headers=as_member(alice))
    few = len(statements)
    for number in range(12):
        colleague = given(make_member, branch, name=f"王{'一二三四五六七八九十百千'[number]}")
        given(make_duty, colleague)
    statements.clear()
    client.get("/shows/wall", headers=as_member(alice))
    assert len(statements) <= few + 1


def test_how_far_the_branch_is_says_names_and_no_order(client, given, alice, bob, sam, olga):
    given(make_approved, alice, sam)
    said = page(client.get("/shows/branch", headers=as_member(sam))).get_text()
    assert bob.name in said
    assert olga.name not in said
    assert client.get("/shows/branch", headers=as_member(alice)).status_code == 403


def test_everybody_has_written_is_said_of_those_who_are_asked(client, given, alice, bob, sam, dora):
    for person, by in ((alice, sam), (bob, sam), (sam, dora)):
        given(make_approved, person, by)
    as_sam = ENGLISH | as_member(sam)
    assert f"Not written yet: {dora.name}" in page(client.get("/shows/branch", headers=as_sam)).get_text()
    given(make_exemption, dora)
    said = page(client.get("/shows/branch", headers=as_sam)).get_text(" ", strip=True)
    assert "Everybody who is asked for pledges has written them. 1 exempt member is not asked." in said
    assert dora.name not in said


def test_an_address_that_names_another_branch_shows_nothing(client, alice, olga):
    for address in ("/shows/wall", "/shows/promises", "/shows/promises.xlsx"):
        assert client.get(f"{address}?branch={olga.branch_id}", headers=as_member(alice)).status_code == 404
        assert client.get(f"{address}?branch={alice.branch_id}", headers=as_member(alice)).status_code == 200


def test_a_sheet_with_nothing_to_show_is_no_page(client, given, alice, bob, sam):
    given(make_approved, alice, sam)
    address = f"/shows/prints/sheet?member={alice.id}&member={bob.id}"
    soup = page(client.get(address, headers=as_member(sam)))
    assert [one["aria-label"] for one in soup.select("section.print-sheet")] == [alice.name]
    assert bob.name in soup.select_one("section.no-print").get_text()
    alone = page(client.get(f"/shows/prints/sheet?member={bob.id}", headers=as_member(sam)))
    assert [one["aria-label"] for one in alone.select("section.print-sheet")] == [bob.name]

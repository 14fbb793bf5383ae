"""The directory: officers see the lines of their branch, members the names, nobody another branch, and no ranking."""

import re
from datetime import date

import pytest
from sqlalchemy import update

from app.features.members import service
from app.features.members.models import Member
from app.features.members.rules import ExemptionKind, MemberStatus, Role
from tests.features.members.makers import make_business_administrator, make_exemption, make_term
from tests.makers import ENGLISH, HTMX, as_member, make_group, make_member
from tests.page import fragment, page


def names(soup):
    return [element.get_text(strip=True) for element in soup.select(".row .t")]


def test_members_are_listed_by_group_and_pinyin(client, given, sam, branch, group):
    second = given(make_group, branch, "第二党小组")
    for name, place in (("赵晓岚", group), ("李安", second), ("梁启", second), ("高远", second)):
        given(make_member, branch, name, group=place)
    soup = page(client.get("/members", headers=as_member(sam)))
    assert [card.h2.contents[0].strip() for card in soup.select("#member-list section")][:2] == [
        group.name,
        second.name,
    ]
    assert names(soup) == ["艾莉", "包波", "赵晓岚", "高远", "李安", "梁启", "窦兰", "沈山"]


def test_officers_see_posts_states_and_numbers_in_words(client, given, sam, alice, bob, branch):
    given(make_exemption, bob, ExemptionKind.RETIRED)
    given(make_member, branch, "年轻", status=MemberStatus.PROBATIONARY)
    text = page(client.get("/members", headers=ENGLISH | as_member(sam))).get_text()
    for words in (alice.phone, "Secretary", "Deputy secretary", "Probationary member", "Exempt: Retired"):
        assert words in text


def test_members_see_names_and_posts_only(client, given, alice, bob):
    given(make_exemption, bob)
    soup = page(client.get("/members", headers=ENGLISH | as_member(alice)))
    assert names(soup) == ["艾莉", "包波", "窦兰", "沈山"]
    assert "Secretary" in soup.get_text()
    assert bob.phone not in soup.get_text()
    assert "Exempt" not in soup.get_text()
    assert {str(link["href"]).rsplit("/", 1)[0] for link in soup.select("#member-list a")} == {"/shows/members"}


@pytest.mark.parametrize("who", ["alice", "sam"])
def test_nobody_sees_another_branch(client, request, who, other_branch):
    person = request.getfixturevalue(who)
    page(client.get(f"/members?branch={other_branch.id}", headers=as_member(person)), status=404)


def test_a_committee_officer_sees_names_and_posts_of_a_branch_below(client, carl, alice, branch):
    soup = page(client.get(f"/members?branch={branch.id}", headers=ENGLISH | as_member(carl)))
    assert names(soup) == ["艾莉", "包波", "窦兰", "沈山"]
    assert alice.phone not in soup.get_text()
    assert soup.select_one(f'a[href="/members/{alice.id}/posts"]')


def test_a_committee_officer_sees_the_own_branch_as_a_member(client, carl):
    assert names(page(client.get("/members", headers=as_member(carl)))) == [carl.name]


@pytest.mark.parametrize("typed", ["欧歌", "og", "ouge", "{phone}", "+86{phone}"])
def test_a_business_administrator_finds_people_in_all_branches(
    client, given, branch, other_branch, committee, olga, typed
):
    bea = given(make_business_administrator, branch, committee)
    soup = page(client.get("/members", params={"q": typed.format(phone=olga.phone)}, headers=ENGLISH | as_member(bea)))
    assert names(soup) == [olga.name]
    assert other_branch.name in soup.select_one("#member-list h2").get_text()
    assert "Found in all branches" in soup.get_text()


def test_the_person_just_moved_is_found(client, given, branch, other_branch, committee, alice):
    bea = given(make_business_administrator, branch, committee)
    given(lambda session: service.move_member(session, bea.actor, member_id=alice.id, branch_id=other_branch.id))
    soup = page(client.get("/members", params={"q": "艾莉"}, headers=as_member(bea)))
    assert (names(soup), other_branch.name in soup.select_one("#member-list h2").get_text()) == ([alice.name], True)


def test_a_secretary_finds_people_of_the_own_branch_only(client, sam, olga):
    assert names(page(client.get("/members", params={"q": olga.name}, headers=as_member(sam)))) == []


def test_a_business_administrator_sees_every_branch(client, given, branch, other_branch, committee, olga):
    bea = given(make_business_administrator, branch, committee)
    soup = page(client.get(f"/members?branch={other_branch.id}", headers=as_member(bea)))
    assert olga.name in names(soup)


@pytest.mark.parametrize("typed", ["al", "艾", "AI"])
def test_sam_finds_alice(client, sam, alice, typed):
    soup = page(client.get("/members", params={"q": typed}, headers=as_member(sam)))
    assert names(soup) == [alice.name]


def test_phone_numbers_find_members_for_officers_only(client, sam, alice, bob):
    tail = {"q": bob.phone[-4:]}
    assert names(page(client.get("/members", params=tail, headers=as_member(sam)))) == [bob.name]
    assert names(page(client.get("/members", params=tail, headers=as_member(alice)))) == []


def test_htmx_gets_the_list_alone(client, sam, alice):
    soup = fragment(client.get("/members", params={"q": "艾莉"}, headers=HTMX | as_member(sam)))
    assert names(soup) == [alice.name]
    assert soup.find(id="member-list")


def test_who_has_left_is_in_a_list_apart(client, given, sam, branch, alice):
    given(make_member, branch, "高远", left_on=date(2026, 1, 1))
    assert "高远" not in names(page(client.get("/members", headers=as_member(sam))))
    assert names(page(client.get("/members?former=true", headers=as_member(sam)))) == ["高远"]
    assert "高远" not in names(page(client.get("/members?former=true", headers=as_member(alice))))


def test_the_page_costs_few_statements(client, given, sam, branch, group, statements):
    for number in range(20):
        person = given(make_member, branch, f"王{'一二三四五六七八九十'[number % 10]}", group=group)
        given(make_term, person, branch, Role.DEPUTY)
    statements.clear()
    client.get("/members", headers=as_member(sam))
    assert len([sql for sql in statements if sql.startswith("SELECT")]) <= 5


def test_no_list_of_people_sorts_by_a_number(client, given, sam, branch, statements):
    statements.clear()
    client.get("/members", headers=as_member(sam))
    client.get(f"/members/{sam.id}", headers=as_member(sam))
    orders = [order for sql in statements for order in re.findall(r"ORDER BY (.*?)(?:LIMIT|$)", sql, re.DOTALL)]
    assert orders
    allowed = {"group_id", "pinyin", "id", "starts_on", "ends_on", "first_on"}
    columns = {column for order in orders for column in re.findall(r"\.(\w+)", order)}
    assert columns <= allowed, columns - allowed


def test_a_sort_key_from_outside_is_ignored(client, sam):
    plain = page(client.get("/members", headers=as_member(sam)))
    asked = page(client.get("/members?sort=points&order=desc", headers=as_member(sam)))
    assert names(asked) == names(plain)


def test_nothing_says_who_uses_the_software(client, sam, alice):
    for address in ("/members", f"/members/{alice.id}"):
        text = page(client.get(address, headers=ENGLISH | as_member(sam))).main.get_text().lower()
        for words in ("password", "last seen", "signed in", "active", "installed", "online"):
            assert words not in text


@pytest.mark.parametrize("typed", ["2021-047", "2021 047", "2021047"])
def test_a_member_number_is_found_as_it_is_kept_and_as_it_is_typed(client, given, branch, committee, alice, typed):
    bea = given(make_business_administrator, branch, committee)
    for kept in ("2021-047", "2021047"):
        given(
            lambda session, kept=kept: session.execute(
                update(Member).where(Member.id == alice.id).values(member_number=kept)
            )
        )
        if kept in (typed, "2021047"):
            found = page(client.get("/members", params={"q": typed}, headers=as_member(bea)))
            assert alice.name in found.main.get_text(), kept

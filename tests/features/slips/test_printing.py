"""Who prints slips for whom, and that a code is seen once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert

from app.core import pages
from app.core.ids import new_id
from app.core.settings import Settings
from app.features.members.models import AuditEntry, Member, Organisation
from app.features.members.places import HOMES_LISTED
from app.features.members.rules import AuditAction, OrganisationKind, Role
from app.features.slips.models import Slip
from tests.features.sign_in.makers import make_newcomer
from tests.features.slips.makers import make_slip
from tests.features.slips.test_activation import activate
from tests.makers import ENGLISH, HTMX, LONG_AGO, as_member, make_branch, make_member
from tests.page import fragment, page
from tests.races import race

CODE = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![\w-])")


def print_for(client, officer, *people, replaces=()):
    data = {"member_id": [str(one.id) for one in people], "replaces": [str(slip) for slip in replaces]}
    return client.post("/slips", data=data, headers=as_member(officer))


def open_slips(database):
    """The slips that are still good, by their holders."""
    with database.read() as session:
        return dict(session.query(Slip.member_id, Slip.id).where(Slip.used_at.is_(None), Slip.ended_at.is_(None)).all())


def add_places(database, committee, number):
    """Branches without people, so many that no list shows them all."""
    with database.write() as session:
        rows = [
            {
                "id": new_id(),
                "kind": OrganisationKind.BRANCH,
                "name": f"机关第{place}党支部",
                "pinyin": f"ji1 guan1 di4 {place:05} dang3 zhi1 bu4",
                "parent_id": committee.id,
            }
            for place in range(number)
        ]
        session.execute(insert(Organisation), rows)


def ticked(soup):
    return [
        box.find_parent("label").select_one(".t").get_text() for box in soup.select("input[name=member_id][checked]")
    ]


def listed(soup):
    return [title.get_text() for title in soup.select("label .t")]


def test_those_who_never_had_one_are_ticked_on_the_list(client, sam, alice, branch, given):
    newcomer, printed = given(make_newcomer, branch), given(make_newcomer, branch, "白婷涵")
    given(make_slip, printed)
    soup = page(client.get("/slips", headers=as_member(sam)))
    assert ticked(soup) == [newcomer.name]
    assert ticked(page(client.get("/slips?ticked=none", headers=as_member(sam)))) == []
    everybody = page(client.get("/slips?ticked=all", headers=as_member(sam)))
    assert ticked(everybody) == listed(everybody)
    assert alice.name in listed(soup)
    assert sam.name not in listed(soup)


def test_the_list_is_by_group_and_name_and_tells_nothing_of_use(client, sam, branch, group, given):
    for name in ("张三", "阿明", "李四"):
        given(make_member, branch, name, group=group)
    soup = page(client.get("/slips", headers=as_member(sam)))
    assert listed(soup) == ["阿明", "艾莉", "包波", "李四", "张三"]
    assert "窦兰" in soup.main.get_text()  # the deputy's is printed from above
    assert not re.search(r"\d{1,2}:\d{2}", soup.main.get_text())


def test_sam_prints_one_sheet_for_many(client, sam, branch, given, database):
    newcomers = [given(make_newcomer, branch, f"新党员{number}") for number in range(9)]
    response = print_for(client, sam, *newcomers)
    soup = page(response)
    assert response.headers["cache-control"] == "no-store"
    assert [len(sheet.select(".slip")) for sheet in soup.select(".slip-sheet")] == [8, 1]
    codes = CODE.findall(soup.get_text())
    assert len(set(codes)) == 9
    assert len(soup.select(".slip svg path")) >= 9
    with database.read() as session:
        slips = session.query(Slip).all()
        assert {slip.issued_by_id for slip in slips} == {sam.id}
        kept = " ".join(str(value) for slip in slips for value in vars(slip).values())
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)
        assert session.query(AuditEntry).where(AuditEntry.action == AuditAction.SLIP_ISSUED).count() == 9


def test_the_picture_keeps_the_code_out_of_every_server_s_log(client, sam, alice, monkeypatch):
    drawn = []
    monkeypatch.setattr("app.features.slips.routes.qr_picture", lambda address: drawn.append(address) or "")
    code = CODE.search(page(print_for(client, sam, alice)).get_text())[0]
    assert drawn == [f"http://testserver/activate#{code}"]


def said(soup, person):
    """What stands below somebody's name."""
    return next(row for row in soup.select("tr.row") if row.select_one(".t").get_text() == person.name).small.get_text(
        strip=True
    )


def test_what_became_of_each_slip_stands_beside_the_name(client, sam, branch, given):
    never, valid, late, used = (given(make_newcomer, branch, name) for name in ("甲", "乙", "丙", "丁"))
    with time_machine.travel(datetime(2026, 11, 29, 4, tzinfo=UTC), tick=False) as travel:
        for person in (late, used):
            code = given(make_slip, person)
        assert activate(client, code).status_code == 303
        travel.shift(timedelta(days=14))
        given(make_slip, valid)
        travel.shift(timedelta(days=1))
        soup = page(client.get("/slips", headers=ENGLISH | as_member(sam)))
    assert said(soup, never) == "not printed yet"
    assert said(soup, valid) == "printed on 13 Dec, valid until 27 Dec"
    assert said(soup, late) == "printed on 29 Nov, expired"
    assert said(soup, used) == "printed on 29 Nov, used"
    assert "1 slip is still good" in soup.main.get_text()
    assert ticked(soup) == [never.name]


def test_a_slip_for_one_is_opened_from_the_page_of_the_member(client, sam, alice, bob):
    link = page(client.get(f"/members/{alice.id}", headers=as_member(sam))).select_one("a[href^='/slips']")
    assert link["href"] == f"/slips?member={alice.id}"
    soup = page(client.get(link["href"], headers=as_member(sam)))
    assert (listed(soup), ticked(soup)) == ([alice.name], [alice.name])
    assert soup.select_one("a.back")["href"] == f"/members/{alice.id}"


def test_one_of_many_is_looked_for(client, sam, alice, bob):
    for typed in ("al", alice.name, alice.phone):
        assert listed(page(client.get("/slips", params={"who": typed}, headers=as_member(sam)))) == [alice.name]
    assert "Nobody fits" in page(client.get("/slips?who=xyz", headers=ENGLISH | as_member(sam))).main.get_text()


def test_a_slip_for_one_leaves_the_others_good(client, sam, alice, branch, given, database):
    """Twenty-five were handed out, one password is forgotten: the other slips stay as they are."""
    others = [given(make_newcomer, branch, f"新党员{number}") for number in range(3)]
    page(print_for(client, sam, *others))
    before = open_slips(database)
    page(print_for(client, sam, alice))
    assert open_slips(database) == before | {alice.id: open_slips(database)[alice.id]}


def test_slips_that_are_still_good_end_only_when_that_was_said(client, sam, alice, bob, given, database):
    """A reload of the printed page sends the same again: nothing is printed, and nothing ends."""
    page(print_for(client, sam, alice))
    before = open_slips(database)
    asked = page(print_for(client, sam, alice, bob), 409)
    assert open_slips(database) == before
    assert [name.get_text() for name in asked.select(".row .t")] == [alice.name]
    only, all_of_them = [
        {name: [one["value"] for one in form.select(f"input[name={name}]")] for name in ("member_id", "replaces")}
        for form in asked.select("main form")
    ]
    assert only == {"member_id": [str(bob.id)], "replaces": []}
    assert all_of_them["replaces"] == [str(before[alice.id])]
    assert len(page(client.post("/slips", data=all_of_them, headers=as_member(sam))).select(".slip")) == 2
    after = open_slips(database)
    assert after.keys() == {alice.id, bob.id}
    assert after[alice.id] != before[alice.id]
    page(client.post("/slips", data=all_of_them, headers=as_member(sam)), 409)  # reloaded
    assert open_slips(database) == after


def test_a_branch_of_fifty_is_printed_at_once(client, sam, branch, given):
    people = [given(make_newcomer, branch, f"新党员{number}") for number in range(50)]
    assert len(page(print_for(client, sam, *people)).select(".slip")) == 50


def test_an_address_that_phones_may_not_reach_is_said_before_printing(client, sam, alice, monkeypatch):
    soup = page(client.get("/slips", headers=ENGLISH | as_member(sam)))
    assert "SANLIANG_PUBLIC_URL" in soup.main.get_text()
    monkeypatch.setattr(pages, "settings", lambda: Settings(public_url="https://party.example.org"))
    soup = page(client.get("/slips", headers=ENGLISH | as_member(sam)))
    assert "SANLIANG_PUBLIC_URL" not in soup.main.get_text()


def test_a_new_slip_ends_the_one_before(client, sam, alice, database, given):
    given(make_slip, alice)
    page(print_for(client, sam, alice, replaces=open_slips(database).values()))
    with database.read() as session:
        slips = session.query(Slip).where(Slip.member_id == alice.id).order_by(Slip.issued_at).all()
    assert [slip.ended_at is None for slip in slips] == [False, True]


def test_nobody_ticked(client, sam):
    soup = page(client.post("/slips", data={}, headers=as_member(sam)), 422)
    assert soup.select_one("[role=alert]").get_text(strip=True)


@pytest.mark.parametrize("who", ["alice", "olga"])
def test_the_list_is_for_those_who_keep_people(client, request, who, alice):
    person = request.getfixturevalue(who)
    page(client.get("/slips", headers=as_member(person)), 403)
    page(print_for(client, person, alice), 403)


def test_a_secretary_reaches_the_own_branch_only(client, oscar, alice, branch, database):
    page(print_for(client, oscar, alice), 404)
    page(client.get(f"/slips?branch={branch.id}", headers=as_member(oscar)), 404)
    with database.read() as session:
        assert session.query(Slip).count() == 0


def test_numbers_find_people_only_for_who_sees_their_cards(
    client, given, database, alice, branch, other_branch, committee, carl
):
    """Whoever prints for a branch from above knows its people by name; digits would tell whose number it is."""
    admin = given(make_member, other_branch, "关立", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    page(client.get(f"/members/{alice.id}", headers=as_member(carl)), 404)
    with database.read() as session:
        number = session.get_one(Member, alice.id).member_number
    for typed, found in (("艾莉", True), (alice.phone[-5:], False), (number, False)):
        for address in (f"/slips?branch={branch.id}&who={typed}", f"/members?branch={branch.id}&q={typed}"):
            said = page(client.get(address, headers=as_member(carl))).main.get_text()
            assert (alice.name in said) is found
        listing = client.get(f"/slips?branch={branch.id}&who={typed}", headers=as_member(admin))
        assert alice.name in page(listing).main.get_text()


def test_who_leads_here_and_prints_there_reads_no_numbers_there(client, given, alice, branch, other_branch, committee):
    nora = given(make_member, other_branch, "聂瑞", roles=(Role.DEPUTY, Role.COMMITTEE_OFFICER), at=committee)
    for typed in (alice.phone[-5:], ""):
        for address in (f"/slips?branch={branch.id}&who={typed}", f"/members?branch={branch.id}&q={typed}"):
            said = page(client.get(address, headers=as_member(nora))).main.get_text()
            assert alice.phone not in said
            assert (alice.name in said) is not typed


def test_a_business_administrator_reaches_every_branch(client, branch, other_branch, committee, given, alice):
    admin = given(make_member, other_branch, "关立", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    soup = page(client.get(f"/slips?branch={branch.id}", headers=as_member(admin)))
    assert soup.select_one("select[name=branch] option[selected]")["value"] == str(branch.id)
    assert "沈山" in listed(soup)
    assert len(CODE.findall(page(print_for(client, admin, alice)).get_text())) == 1


PLAIN_AND_HTMX = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@PLAIN_AND_HTMX
@pytest.mark.parametrize("typed", ["望江", "wangjiang", "wj"])
def test_of_many_places_one_is_looked_for_by_name_or_pinyin(
    client, branch, other_branch, committee, given, database, headers, typed
):
    admin = given(make_member, other_branch, "关立", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    wanted = given(make_branch, "望江门党支部")
    add_places(database, committee, 5000)
    whole = client.get(f"/slips?branch={wanted.id}", headers=as_member(admin))
    choices = page(whole).select("select[name=branch] option")
    assert len(whole.content) < 40_000
    assert (choices[0]["value"], choices[0].has_attr("selected")) == (str(wanted.id), True)
    assert len(choices) == HOMES_LISTED + 1
    found = client.get("/slips", params={"q": typed, "branch": str(branch.id)}, headers=headers | as_member(admin))
    (option,) = (fragment if headers else page)(found).select("select[name=branch] option")
    assert (option["value"], option.get_text()) == (str(wanted.id), "望江门党支部")


@PLAIN_AND_HTMX
def test_a_name_that_nobody_has_says_so(client, other_branch, committee, given, headers):
    admin = given(make_member, other_branch, "关立", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    found = client.get("/slips?q=%25_/", headers=ENGLISH | headers | as_member(admin))
    assert "Nothing of this name" in found.text


def test_no_slip_opens_an_account_that_may_do_more(client, sam, branch, committee, given, database):
    admin = given(make_member, branch, "关立", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)
    assert "关立" not in listed(page(client.get("/slips", headers=as_member(sam))))
    page(print_for(client, sam, admin), 403)
    with database.read() as session:
        assert session.query(Slip).count() == 0


def test_no_slip_for_those_who_left(client, sam, branch, given):
    gone = given(make_member, branch, "郭去", left_on=LONG_AGO)
    page(print_for(client, sam, gone), 404)


@pytest.mark.race
def test_two_officers_print_for_one_member_at_once(client, sam, dora, alice, database):
    with client:
        answers = race(8, lambda number: print_for(client, (sam, dora)[number % 2], alice).status_code)
    assert sorted(answers) == [200] + [409] * 7  # whoever is later hears that the first one's is good
    assert open_slips(database).keys() == {alice.id}

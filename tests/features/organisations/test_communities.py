"""Communities: founded, paired, led; their people have an account and no Party life."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.errors import ForbiddenError, NotFoundError
from app.features.history.models import Event
from app.features.members import service as members
from app.features.members.errors import MisplacedPostError, OrganPostError
from app.features.members.posts import service as posts
from app.features.members.rules import MemberDetails, OrganisationKind, Permission, Role
from app.features.notices.models import SilencedSource
from app.features.organisations import queries as tree
from app.features.organisations import service as organisations
from app.features.organisations.communities import queries, service
from app.features.organisations.communities.models import CommunityPairing
from app.features.organisations.communities.rules import AlreadyPairedError, LeaderMissingError, PairingChangeKind
from app.features.roster import queries as roster
from app.features.roster.importer import SERVER
from app.features.roster.rules import ReadPerson, RosterRow
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import HTMX, LONG_AGO, as_member, make_member
from tests.page import fragment, page


@pytest.fixture
def bea(given, branch, committee):
    """The business administrator."""
    return given(make_member, branch, "白雅", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)


@pytest.fixture
def place(given):
    return given(make_community, name="青石社区")


@pytest.fixture
def community(given, branch):
    return given(make_community, branch)


@pytest.fixture
def cora(given, community):
    return given(make_collector, community)


def test_bea_founds_pairs_and_staffs_a_community_on_the_pages(client, database, bea, committee, branch, other_branch):
    as_bea = as_member(bea)
    added = {"kind": "community", "name": "荔园社区"}
    assert client.post(f"/organisations/{committee.id}/units", data=added, headers=as_bea).status_code == 303
    tree_page = page(client.get(f"/organisations/{committee.id}", headers=as_bea))
    link = tree_page.find("a", href=lambda href: href and href.startswith("/communities/"))
    address = link["href"]
    place_id = address.rsplit("/", 1)[1]
    page(client.get(f"/organisations/{place_id}", headers=as_bea))
    page(client.get(address, headers=as_bea))
    for name in (branch.name, other_branch.name):
        assert client.post(f"{address}/branches", data={"branch": name}, headers=as_bea).status_code == 303
    page(client.post(f"{address}/branches", data={"branch": branch.name}, headers=as_bea), status=409)
    assert client.post(f"{address}/branches/{other_branch.id}/lead", headers=HTMX | as_bea).status_code == 200
    form = page(client.get(f"/members/new?branch={place_id}", headers=as_bea))
    assert not form.find(attrs={"name": "joined"})
    sent = {"name": "郭蕊", "phone": "13800000955"}
    made = client.post(f"/members?branch={place_id}", data=sent, headers=as_bea)
    person = made.headers["location"]
    card = page(client.get(person, headers=as_bea))
    assert "郭蕊" in card.text
    page(client.get(f"{person}/posts", headers=as_bea))
    given = client.post(f"{person}/posts", data={"role": "collector", "starts_on": "2026-01-01"}, headers=as_bea)
    assert given.status_code == 303
    for part in ("edit", "membership", "posts"):
        page(client.get(f"{person}/{part}", headers=as_bea))
    slips = page(client.get(f"/slips?branch={place_id}", headers=as_bea))
    ticked = slips.find("input", {"name": "member_id"})["value"]
    printed = client.post(f"/slips?branch={place_id}", data={"member_id": ticked}, headers=as_bea)
    assert "郭蕊" in page(printed).text
    with database.read() as session:
        assert session.scalars(select(CommunityPairing.branch_id).where(CommunityPairing.leads)).all() == [
            other_branch.id
        ]
    shown = fragment(client.get(address, headers=HTMX | as_bea))
    assert "郭蕊" in shown.text


def test_the_first_branch_leads_and_another_may_take_over(place, bea, branch, other_branch, session):
    service.pair(session, bea.actor, community_id=place.id, branch_id=branch.id)
    service.pair(session, bea.actor, community_id=place.id, branch_id=other_branch.id)
    assert queries.leader(session, place.id) == branch.id
    with pytest.raises(AlreadyPairedError):
        service.pair(session, bea.actor, community_id=place.id, branch_id=branch.id)
    with pytest.raises(LeaderMissingError):
        service.end_pairing(session, bea.actor, community_id=place.id, branch_id=branch.id)
    for _twice in range(2):
        service.let_lead(session, bea.actor, community_id=place.id, branch_id=other_branch.id)
    assert queries.leader(session, place.id) == other_branch.id
    service.end_pairing(session, bea.actor, community_id=place.id, branch_id=branch.id)
    service.end_pairing(session, bea.actor, community_id=place.id, branch_id=other_branch.id)
    assert queries.leader(session, place.id) is None
    said = [(change.branch, change.what) for change in queries.changes(session, place.id)]
    assert said == [
        (other_branch.name, PairingChangeKind.ENDED),
        (branch.name, PairingChangeKind.ENDED),
        (other_branch.name, PairingChangeKind.LEADS),
        (other_branch.name, PairingChangeKind.PAIRED),
        (branch.name, PairingChangeKind.LEADS),
        (branch.name, PairingChangeKind.PAIRED),
    ]


def test_officers_of_a_branch_pair_nothing(place, sam, branch, session):
    with pytest.raises(ForbiddenError):
        service.pair(session, sam.actor, community_id=place.id, branch_id=branch.id)


def test_a_community_is_paired_with_branches_only(place, bea, committee, session):
    with pytest.raises(NotFoundError):
        service.pair(session, bea.actor, community_id=place.id, branch_id=committee.id)
    with pytest.raises(NotFoundError):
        service.pair(session, bea.actor, community_id=committee.id, branch_id=bea.branch_id)


def test_the_database_lets_one_branch_lead(database, place, branch, other_branch):
    leaders = [CommunityPairing(community_id=place.id, branch_id=one.id, leads=True) for one in (branch, other_branch)]
    with pytest.raises(IntegrityError), database.write() as session:
        session.add_all(leaders)


def test_the_database_keeps_what_changed(database, given, place, bea, branch):
    given(service.pair, bea.actor, community_id=place.id, branch_id=branch.id)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(update(Event).values(step=PairingChangeKind.ENDED))


def test_who_works_for_a_community_is_no_party_member(client, given, place, branch, cora):
    assert cora.actor.permissions == {Permission.HAVE_ACCOUNT, Permission.COLLECT_WISHES}
    as_cora = as_member(cora)
    for path in ("/me", "/me/data", "/me/export", "/me/password", "/me/devices", "/wishes/desk", "/wishes/desk/new"):
        page(client.get(path, headers=as_cora))
    for path in ("/study", "/sheet", "/members", "/approvals", "/organisations", "/roster", "/wishes"):
        page(client.get(path, headers=as_cora), status=403)
    me = page(client.get("/me", headers=as_cora))
    assert "正式党员" not in me.text
    held = client.get("/me/export.json", headers=as_cora).json()
    assert set(held) == {
        "exported_at",
        "member",
        "posts",
        "wish_revisits",
        "wish_steps",
        "wishes_entered",
        "contact_looks",
        "complaints",
        "notice_answers",
        "devices",
        "known_devices",
        "notice_channels",
        "outward_notices",
        "second_factors",
        "outside_links",
        "changes",
    }
    assert "joined" not in held["member"][0]
    assert client.get("/me/export.xlsx", headers=as_cora).status_code == 200


def test_whatever_is_kept_of_who_works_for_a_community_is_in_their_file(client, database, cora):
    with database.write() as session:
        session.add(SilencedSource(member_id=cora.id, source="wishes"))
    held = client.get("/me/export.json", headers=as_member(cora)).json()
    assert [row["source"] for row in held["silenced"]] == ["wishes"]
    assert "study" not in held


def test_an_account_without_a_post_has_only_itself(client, given, place):
    idle = given(make_member, place, "闲云")
    response = client.get("/", headers=as_member(idle))
    assert (response.status_code, response.headers["location"]) == (303, "/me")
    page(client.get("/me", headers=as_member(idle)))
    page(client.get("/wishes/desk", headers=as_member(idle)), status=403)


def test_no_party_post_for_people_of_communities(place, bea, committee, session):
    person = members.add_member(session, bea.actor, branch_id=place.id, details=MemberDetails(name="郭蕊"))
    for role, at in ((Role.SECRETARY, None), (Role.SYSTEM_ADMINISTRATOR, committee.id)):
        with pytest.raises(MisplacedPostError):
            posts.give_post(session, bea.actor, member_id=person.id, role=role, starts_on=LONG_AGO, place_id=at)
    posts.give_post(session, bea.actor, member_id=person.id, role=Role.COLLECTOR, starts_on=LONG_AGO)
    assert [row.collects for row in queries.people(session, place.id)] == [True]


def test_a_party_member_may_collect_too(given, place, bea, alice, sam, branch, session):
    with pytest.raises(OrganPostError):
        posts.give_post(
            session, sam.actor, member_id=alice.id, role=Role.COLLECTOR, starts_on=LONG_AGO, place_id=place.id
        )
    posts.give_post(session, bea.actor, member_id=alice.id, role=Role.COLLECTOR, starts_on=LONG_AGO, place_id=place.id)
    assert [(row.name, row.works_here) for row in queries.people(session, place.id)] == [(alice.name, False)]


def test_nobody_moves_between_a_community_and_a_branch(given, place, bea, cora, alice, branch, session):
    for person, to in ((cora, branch.id), (alice, place.id)):
        with pytest.raises(NotFoundError):
            members.move_member(session, bea.actor, member_id=person.id, branch_id=to)


def test_people_of_communities_are_no_members_in_any_count(given, committee, place, session):
    before = tree.total(session, committee.id).members
    make_collector(session, place, "另一位")
    assert tree.total(session, committee.id).members == before
    assert [(row.name, row.people) for row in tree.communities(session, committee.id)] == [(place.name, 1)]
    assert tree.total(session, place.id).members == 1


def test_a_community_stands_below_committees_only(bea, branch, committee, session):
    made = organisations.add(
        session, bea.actor, parent_id=committee.id, kind=OrganisationKind.COMMUNITY, name="荔园社区"
    )
    assert made.kind is OrganisationKind.COMMUNITY


def test_a_community_shows_itself_to_its_own(client, given, branch, sam, oscar, carl):
    place = given(make_community, branch, name="青石社区")
    gwen = given(make_collector, place, "葛文")
    for person, status in ((gwen, 200), (sam, 200), (oscar, 404), (carl, 403)):
        page(client.get(f"/communities/{place.id}", headers=as_member(person)), status=status)
    assert not page(client.get("/wishes/desk", headers=as_member(oscar))).find("a", href="/wishes/desk/new")


def test_a_roster_neither_says_nor_takes_people_of_communities(place, cora, alice, session):
    listed = [entry.name for entry in roster.entries(session, SERVER)]
    assert alice.name in listed
    assert cora.name not in listed
    row = RosterRow(number=2, cells=(), entry=ReadPerson(name=cora.name, branch=alice.branch_name, phone=cora.phone))
    known = roster.existing_roster(session, SERVER, [row])
    assert cora.phone in known.phones_elsewhere
    assert cora.id not in {member.id for member in known.members}

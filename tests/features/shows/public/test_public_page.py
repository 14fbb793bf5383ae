"""The page for everybody: tiny, no script, nothing on it but what its owner has ticked, not for search engines."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given as examples
from hypothesis import strategies as st

from app.core import built
from app.core.ids import new_id
from app.features.members.rules import Role
from app.features.shows.cards.rules import Face, PublicField, consented, said
from tests.features.shows.cards.makers import make_identity, make_photo
from tests.features.shows.public.makers import make_public, withdraw
from tests.makers import as_member, make_member
from tests.page import page

TOLD = {
    "service_scope": "信访件办理",
    "office_phone": "010-66551234 转 8012",
    "motto": "把小事办好",
    "pioneer_post": True,
    "shows_joined": True,
}
WORDS = {
    PublicField.BRANCH: "第一党支部",
    PublicField.PARTY_POSTS: "宣传委员",
    PublicField.POST: "二级调研员",
    PublicField.PIONEER_POST: "党员先锋岗",
    PublicField.JOINED: "党龄 12 年",
    PublicField.SERVICE_SCOPE: "信访件办理",
    PublicField.OFFICE_PHONE: "010-66551234",
    PublicField.MOTTO: "把小事办好",
}
NEVER = ("13912345678", "T-4711", "1980", "party", "第一党小组", "12月3日", "备注")
FACE = Face(
    member_id=new_id(),
    name="罗莎",
    branch_name="第一党支部",
    group_name="第一党小组",
    posts=(Role.SECRETARY,),
    post="处长",
    joined="2012-12-03",
    years_in_party=12,
    service_scope="窗口",
    office_phone="12345",
    motto="一句话",
    pioneer_post=True,
    photo_id=new_id(),
)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime(2026, 11, 22, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def rosa(given, branch, group):
    """Somebody whose card tells everything it can."""
    rosa = given(
        make_member,
        branch,
        "罗莎",
        group=group,
        roles=(Role.PUBLICITY,),
        phone="13912345678",
        member_number="T-4711",
        post="二级调研员",
        born="1980-05-06",
        joined="2012-12-03",
        confirmed="2013-12-03",
        note="备注",
    )
    given(make_identity, rosa, **TOLD)
    given(make_photo, rosa)
    return rosa


@pytest.mark.parametrize("allowed", [*PublicField], ids=str)
def test_each_piece_is_there_if_it_was_ticked_and_only_then(client, given, rosa, allowed):
    text = page(client.get(given(make_public, rosa, [allowed]))).get_text(" ", strip=True)
    assert "罗莎" in text
    assert {field for field, word in WORDS.items() if word in text} == {allowed} & set(WORDS)


def test_what_nobody_can_tick_is_never_on_it(client, given, rosa):
    response = client.get(given(make_public, rosa))
    assert all(word in response.text for word in WORDS.values())
    assert [word for word in NEVER if word in response.text] == []
    assert str(rosa.id) not in response.text


@examples(st.sets(st.sampled_from(PublicField)))
def test_what_was_not_ticked_is_empty(allowed):
    seen = consented(FACE, allowed)
    assert set(said(seen)) == allowed | {PublicField.PLEDGES}
    assert (seen.name, seen.group_name) == ("罗莎", None)
    assert seen.joined in (None, "2012")


def test_a_bare_page_shows_the_name_alone(client, given, alice):
    soup = page(client.get(given(make_public, alice, [])))
    assert soup.h1.get_text() == alice.name
    assert soup.select("section, blockquote, img") == []


def test_what_the_card_no_longer_says_is_gone_from_it(client, given, rosa):
    address = given(make_public, rosa)
    given(make_identity, rosa, motto=None, office_phone=None)
    text = client.get(address).text
    assert ("把小事办好" in text, "010-66551234" in text) == (False, False)


def test_it_is_tiny_with_everything_it_needs(client, given, rosa):
    response = client.get(given(make_public, rosa), headers={"Accept-Encoding": "identity"})
    soup = page(response)
    loaded = [soup.select_one("link[rel=stylesheet]")["href"], soup.select_one("link[rel=icon]")["href"]]
    files = [built.DIST_DIR / (path.removeprefix("/assets/") + ".gz") for path in loaded]
    assert len(response.content) + sum(file.stat().st_size for file in files) <= 15_000
    assert len(client.get(given(make_public, rosa) + "/photo").content) <= 40_000


def test_it_needs_no_script_and_loads_nothing_of_others(client, given, rosa):
    response = client.get(given(make_public, rosa))
    soup = page(response)
    assert soup.select("script, form, iframe, object") == []
    addresses = [element.get("src") or element.get("href") for element in soup.select("[src], link[href]")]
    assert all(address.startswith(("/assets/", "/p/")) for address in addresses)
    policy = response.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert soup.select_one("a[href^='tel:']")["href"] == "tel:01066551234,8012"


@pytest.mark.parametrize("what", ["", "/photo"], ids=["page", "photo"])
def test_search_engines_and_other_sites_learn_nothing(client, given, rosa, what):
    headers = client.get(given(make_public, rosa) + what).headers
    assert {"noindex", "noarchive"} <= set(headers["x-robots-tag"].split(", "))
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache, must-revalidate"
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', headers["etag"])
    assert "set-cookie" not in headers


def test_the_page_itself_says_so_too(client, given, rosa):
    soup = page(client.get(given(make_public, rosa)))
    assert "noindex" in soup.select_one("meta[name=robots]")["content"]
    assert soup.select_one("meta[name=referrer]")["content"] == "no-referrer"


@pytest.mark.parametrize("what", ["", "/photo"], ids=["page", "photo"])
def test_head_is_answered_like_get(client, given, rosa, what):
    address = given(make_public, rosa) + what
    got, asked = client.get(address), client.head(address)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["etag"] == got.headers["etag"]
    given(withdraw, rosa)
    assert client.head(address).status_code == 404


def test_an_address_that_never_was_looks_like_one_that_was(client, given, rosa):
    address = given(make_public, rosa)
    given(withdraw, rosa)
    known, unknown = client.get(address), client.get("/p/" + "0" * 26)
    assert (known.status_code, unknown.status_code) == (404, 404)

    def said(answer):
        own = (answer.headers["x-request-id"], answer.request.url.path)  # what stands in the question says nothing
        return re.sub("|".join(own), "", answer.text)

    assert said(known) == said(unknown)
    assert known.headers["cache-control"] == "no-store"
    assert rosa.name not in known.text


@pytest.mark.parametrize("token", ["", "x", "0" * 2000, "%00", "..%2f..%2fetc", "' OR 1=1 --", "罗莎"])
def test_odd_addresses_lead_nowhere(client, token):
    assert client.get(f"/p/{token}").status_code in (404, 422)


def test_without_a_tick_for_the_photo_its_address_is_dead(client, given, rosa):
    address = given(make_public, rosa, [PublicField.MOTTO])
    assert client.get(address + "/photo").status_code == 404
    assert client.get(given(make_public, rosa, [PublicField.PHOTO]) + "/photo").headers["content-type"] == "image/webp"


def test_the_photo_of_colleagues_needs_the_door(client, given, alice):
    photo = given(make_photo, alice)
    given(make_public, alice)
    assert client.get(f"/shows/photos/{photo}/320").headers["location"].startswith("/sign-in")


def test_the_picture_code_leads_to_it(client, given, rosa):
    address = given(make_public, rosa)
    soup = page(client.get("/shows/code", headers=as_member(rosa)))
    assert soup.select_one(".code-picture svg")
    assert soup.select_one(f'a[href="http://testserver{address}"]')
    given(withdraw, rosa)
    assert client.get("/shows/code", headers=as_member(rosa)).headers["location"] == "/shows/sharing"


def test_it_takes_few_statements(client, given, rosa, statements):
    address = given(make_public, rosa)
    statements.clear()
    client.get(address)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 4

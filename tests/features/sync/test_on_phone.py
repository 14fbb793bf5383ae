"""What phones know of a kind, its stream has announced: nothing is forgotten on the pages they keep."""

import json
import re
from pathlib import Path

import pytest

from app.core import pages
from app.core.ids import new_id
from app.core.words import Word
from app.features.members.rules import Permission
from app.features.streams import STREAMS
from app.features.sync.kinds import KINDS
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import as_member
from tests.page import page

RECORDED = {name: kind for name, kind in KINDS.items() if kind.on_phone.part}
SPOKEN_OF = {name: kind for name, kind in RECORDED.items() if kind.on_phone.subject}
REPAIRABLE = {name: kind for name, kind in RECORDED.items() if kind.on_phone.repairable}
STANDING_IN = {name: kind for name, kind in RECORDED.items() if kind.on_phone.stands_in_for}
MADE_HERE = {name: kind for name, kind in RECORDED.items() if kind.on_phone.form}
OWN_DOING = [kind for stream in STREAMS for kind in stream.review_kinds if kind.is_own_doing and kind.correction]
OWN_PAGES = [own for stream in STREAMS for own in stream.pages]
ICONS = set(re.findall(r'id="([\w-]+)"', (Path(pages.WEB_DIR) / "icons/icons.svg").read_text(encoding="utf-8")))


@pytest.fixture
def capture_page(client):
    return page(client.get("/study/capture"))


@pytest.fixture
def without_network(client):
    answer = client.get("/sync/offline.json")
    assert answer.headers["Cache-Control"] == "no-cache"
    return answer.json()


@pytest.fixture
def who_records(given, alice, branch):
    """Somebody who records things of a kind."""
    cora = given(lambda session: make_collector(session, make_community(session, branch)))
    return lambda kind: alice if kind.needs is Permission.BE_MEMBER else cora


@pytest.mark.parametrize("kind", RECORDED.values(), ids=RECORDED)
def test_the_capture_page_has_a_part_for_it_and_leads_to_it_also_without_scripts(
    client, capture_page, who_records, kind
):
    assert capture_page.select(f"[data-part={kind.on_phone.part}]")
    (link,) = capture_page.select(f"a[data-open={kind.on_phone.part}]")
    assert (link["href"], link.get_text(strip=True)) == (kind.on_phone.page, str(kind.on_phone.label))
    assert client.get(kind.on_phone.page, headers=as_member(who_records(kind))).status_code == 200


@pytest.mark.parametrize(("name", "kind"), SPOKEN_OF.items(), ids=SPOKEN_OF)
def test_what_is_spoken_of_is_named_in_its_payload(capture_page, name, kind):
    (listed,) = capture_page.select(f"progress-list[data-kind='{name}']")
    assert listed["data-of"] == kind.on_phone.part
    assert listed["data-field"] == kind.on_phone.subject
    assert kind.on_phone.subject in kind.payload.model_fields
    assert set(listed["data-waits"].split()) == set(kind.on_phone.waits)


def test_a_refused_one_comes_back_into_its_form(capture_page):
    assert sorted(str(form["data-kind"]) for form in capture_page.select("capture-form")) == sorted(REPAIRABLE)


@pytest.mark.parametrize("name", sorted(REPAIRABLE.keys() & {one.name for one in OWN_DOING}))
def test_its_own_form_is_sent_once_and_filled_in_for_others_too(client, alice, sam, name):
    """As every form of a record: its id is made with the page, and an officer says for whom it is."""
    assert RECORDED[name].on_phone.returned, "say where a returned one is corrected"
    form = RECORDED[name].on_phone.page
    assert page(client.get(form, headers=as_member(alice))).select("form input[type=hidden][name=id][value]")
    assert page(client.get(f"{form}?for_other=yes", headers=as_member(sam))).select("select[name=member_id]")


@pytest.mark.parametrize("kind", MADE_HERE.values(), ids=MADE_HERE)
def test_its_form_asks_for_each_field_and_offers_each_choice(client, capture_page, alice, kind):
    (kept,) = capture_page.select(f"capture-form[data-kind='{kind.name}'] form")
    (own,) = page(client.get(kind.on_phone.page, headers=as_member(alice))).select(f"form[action$='{kept['action']}']")
    for form in kept, own:
        for name, field in kind.payload.model_fields.items():
            inputs = form.select(f"[name={name}]")
            assert inputs, f"fields.html does not ask for {name}"
            if isinstance(field.annotation, type) and issubclass(field.annotation, Word):
                offered = {one["value"] for one in (inputs[0].select("option[value]") or inputs)} - {""}
                assert offered == set(field.annotation), f"fields.html does not offer every {name}"


def test_every_form_that_records_offline_is_of_a_kind_that_is_known(capture_page):
    forms = capture_page.select("capture-form, progress-list")
    assert {form["data-kind"] for form in forms} == RECORDED.keys()


def test_the_lists_of_the_queue_know_every_kind_and_its_icon(client):
    for listed in page(client.get("/outbox")).select("outbox-list"):
        known = json.loads(listed["data-kinds"])
        assert known.keys() == KINDS.keys()
        assert {kind["icon"] for kind in known.values()} <= ICONS
        assert {name for name, kind in known.items() if kind.get("repair")} == REPAIRABLE.keys()
        assert {name for name, kind in known.items() if "called" in kind} == KINDS.keys() - RECORDED.keys()


@pytest.mark.parametrize("kind", RECORDED.values(), ids=RECORDED)
def test_its_page_opens_without_a_network(kind):
    assert re.fullmatch(kind.on_phone.stands_in_for, kind.on_phone.page), "OnPhone(stands_in_for=…)"


@pytest.mark.parametrize("kind", STANDING_IN.values(), ids=STANDING_IN)
def test_without_a_network_its_page_is_stood_in_for_and_no_page_with_more_to_its_address(without_network, kind):
    parts = {part for path, part in without_network["stand_ins"] if re.search(path, kind.on_phone.page)}
    assert parts == {kind.on_phone.part}
    for other in ("?for_other=yes", "/branch", f"/reports/{new_id()}", "/import"):
        assert not [path for path, _part in without_network["stand_ins"] if re.search(path, kind.on_phone.page + other)]


def test_phones_keep_the_own_pages_and_they_open(client, alice, without_network):
    assert set(without_network["readable"]) == {"/", *(own.address for own in OWN_PAGES)}
    for address in without_network["readable"]:
        assert client.get(address, headers=as_member(alice)).status_code == 200


def test_every_own_page_is_found_from_today_and_from_me(client, alice):
    for address in ("/", "/me"):
        links = {link.get("href") for link in page(client.get(address, headers=as_member(alice))).select("a")}
        assert {own.address for own in OWN_PAGES} <= links
    tabs = page(client.get("/me", headers=as_member(alice))).select("nav.tabs a")
    assert {own.address for own in OWN_PAGES if own.is_tab} <= {tab.get("href") for tab in tabs}


def test_offline_says_nothing_about_anybody(client, alice, without_network):
    assert client.get("/sync/offline.json", headers=as_member(alice)).json() == without_network

"""An installation that leaves streams out: their pages, tabs and lines are not there, and no link leads there."""

import json
import re
import urllib.error
import urllib.request
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from pydantic import ValidationError

from app.core import clock
from app.core.ids import new_id
from app.core.settings import SWITCHES, Settings
from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.study.quiz.due import PASSES
from tests.features.scores.makers import make_facts
from tests.makers import as_member, make_branch, make_committee, make_member
from tests.server import Server

GONE = re.compile(r"^/(wishes|volunteering|study/(quiz|questions)|p/|c$|c/|shows/(code|consent))")
MOST_PAGES = 90


@pytest.fixture
def engine_kind():
    return "sqlite"


@pytest.fixture
def people(empty_database):
    with empty_database.write() as session:
        committee = make_committee(session)
        branch = make_branch(session)
        alice = make_member(session, branch, "艾莉")
        make_facts(
            session, alice, FactType.STUDY_QUIZ_PASSED, clock.today(), source=PASSES.name, source_id=f"{new_id()}:1"
        )  # from before it was switched off: it counts, and leads nowhere
        return {
            "member": alice,
            "secretary": make_member(session, branch, "苏珊", roles=(Role.SECRETARY,)),
            "publicity": make_member(session, branch, "包波", roles=(Role.PUBLICITY,)),
            "committee": make_member(session, branch, "卡尔", roles=(Role.COMMITTEE_OFFICER,), at=committee),
            "collector": make_member(session, branch, "丹娜", roles=(Role.COLLECTOR,)),
        }


@pytest.fixture
def house(people, empty_database, tmp_path):
    """A house without any of the streams that can be left out."""
    url = empty_database.url.render_as_string(hide_password=False)
    with Server(tmp_path, url) as server:
        server.start(environment={"SANLIANG_OFF": ", ".join(SWITCHES)})
        yield server


def read(house, address, person):
    request = urllib.request.Request(house.url + address, headers=as_member(person))
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, urlsplit(answer.url).path, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, address, ""


def links(address, html):
    for link in BeautifulSoup(html, "html.parser").select("a[href]"):
        target = urlsplit(urljoin(address, link["href"]))
        if not target.scheme and not target.netloc and "." not in target.path:
            yield target.path


def crawled(house, person):
    """Every page that a person can reach by links, with its status."""
    seen, waiting = {}, ["/", "/me", "/study/new"]
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        status, landed, html = read(house, address, person)
        seen[address] = status
        waiting += [link for link in links(landed, html) if link not in seen]
    return seen


def test_nobody_is_led_to_what_is_not_there(house, people):
    for called, person in people.items():
        pages = crawled(house, person)
        assert len(pages) > 15, called
        assert [address for address in pages if GONE.match(address)] == [], called
        assert [address for address, status in pages.items() if status in {404, 500}] == [], called
    for address in ("/wishes", "/wishes/desk", "/volunteering", "/study/quizzes", "/study/questions", "/shows/code"):
        assert read(house, address, people["secretary"])[0] == 404


def test_what_phones_offer_and_what_a_sheet_counts_follow(house, people):
    _status, _landed, record = read(house, "/study/new", people["member"])
    parts = {part["data-part"] for part in BeautifulSoup(record, "html.parser").select("[data-part]")}
    assert {"study", "pledges", "duties"} <= parts
    assert not parts & {"volunteering", "wish"}
    _status, _landed, manifest = read(house, "/manifest.webmanifest", people["member"])
    assert [shortcut["url"] for shortcut in json.loads(manifest)["shortcuts"]] == ["/study/new", "/sheet"]
    _status, _landed, sheet = read(house, "/sheet", people["member"])
    told = BeautifulSoup(sheet, "html.parser").select_one("main").get_text(" ", strip=True)
    assert "服务群众 本单位未启用" in told  # its line has no maximum, and says why (decision 0033)
    assert "44.5 / 94" in told  # with the quiz of before


def test_a_name_that_is_no_switch_is_named_with_those_that_are():
    assert Settings(off="wishes").uses("quiz")
    with pytest.raises(ValidationError, match=r"there is no wish to switch off; it may be: wishes, volunteering"):
        Settings(off="wish, quiz")

"""Whoever is shown a link may follow it: nobody is led to a page that refuses them or is not there.

Everybody who holds a post in the invented organ walks every page that links reach, one address a shape.
"""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from app.demo import service as demo
from app.demo.service import PASSWORD, Size
from tests.demo.test_demo import TODAY

MOST_PAGES = 220
OFFLINE = ("/outbox", "/study/new")
"""Pages of the phone, the same for everybody: their script shows what the person at hand may open."""


@pytest.fixture
def engine_kind():
    return "sqlite"


@pytest.fixture
def database(empty_database):
    return empty_database


@pytest.fixture
def posts(database):
    """The numbers to sign in with, one for each set of posts in the invented organ."""
    with database.write() as session:
        people = demo.invent(session, seed=1, size=Size(branches=1, members_per_branch=13), today=TODAY)
    return {account.roles: account.phone for account in reversed(people)}


def links(address, html):
    for link in BeautifulSoup(html, "html.parser").select("a[href]"):
        if (
            not link.has_attr("hidden")
            and not link.find_parent(attrs={"hidden": True})
            and not link.find_parent("template")
        ):
            target = urlsplit(urljoin(address, link["href"]))
            if not target.scheme and not target.netloc and target.path not in OFFLINE:
                yield target.path + (f"?{target.query}" if target.query else "")


def shape(address):
    """One address stands for all that differ by a record, a day or a value."""
    path, _, query = address.partition("?")
    return re.sub(r"[0-9a-f-]{30,}|\d{4}(-\d\d)*", "*", path), tuple(sorted(re.findall(r"(\w+)=", query)))


def refused(client):
    """The links a person was shown and could not follow, and how many pages there were."""
    seen, waiting, found = set(), [("", "/"), ("", "/me")], []
    while waiting and len(seen) < MOST_PAGES:
        shown_on, address = waiting.pop(0)
        if shape(address) in seen:
            continue
        seen.add(shape(address))
        answer = client.get(address)
        if answer.status_code in {403, 404} or answer.status_code >= 500:
            found.append((answer.status_code, address, shown_on))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting += [(address, link) for link in links(address, answer.text) if shape(link) not in seen]
        elif answer.is_redirect:
            waiting.append((shown_on, answer.headers["Location"]))
    return found, len(seen)


def test_nobody_is_shown_a_link_that_refuses_them(posts, client):
    assert len(posts) > 5
    told = {}
    for roles, phone in posts.items():
        client.cookies.clear()
        client.post("/sign-in", data={"login": phone, "password": PASSWORD})
        told[roles], pages = refused(client)
        assert pages > 20, roles
    assert {roles: found for roles, found in told.items() if found} == {}

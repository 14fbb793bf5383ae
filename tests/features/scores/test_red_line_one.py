"""No page sets several people's points side by side (red line 1), wherever an officer clicks."""

import re
from collections import deque
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from tests.features.scores.makers import words
from tests.makers import as_member
from tests.page import page

MOST_PAGES = 800
NOT_FOLLOWED = re.compile(
    r"\.xlsx\b|/quarter/month/|/export|/sheet/\d+/lines/|/library/|[?&](through|suggestion|next|day|month)="
)
"""Files, what lies below one sheet, one suggestion, a form or a month once for each of them, and the way back in."""


def walk(client, headers, start):
    """Every page that can be reached by links, with its address."""
    found, waiting = set(), deque(start)
    while waiting:
        address = waiting.popleft()
        if address in found or NOT_FOLLOWED.search(address):
            continue
        found.add(address)
        assert len(found) < MOST_PAGES, "the walk does not end"
        response = client.get(address, headers=headers)
        if response.status_code != 200 or not response.headers["content-type"].startswith("text/html"):
            continue
        soup = BeautifulSoup(response.text, "html.parser")
        yield address, soup
        links = (urljoin(address, link["href"]) for link in soup.select("a[href]"))
        waiting.extend(link.split("#")[0] for link in links if link.startswith("/"))


def totals_on(soup, totals):
    return totals_on_paper(soup.body, totals)


def totals_on_paper(paper, totals):
    text = words(paper)
    return {name for name, total in totals.items() if re.search(rf"(?<![\d.]){re.escape(total)}(?![\d.])", text)}


@pytest.fixture
def totals(client, examples, sam, year_over):
    """What each member has altogether, as pages write it; all different."""
    found = {}
    for name, member in examples.items():
        soup = page(client.get(f"/members/{member.id}/sheet/2026", headers=as_member(sam)))
        found[name] = words(soup.select_one(".fig b"))
    assert len(set(found.values())) == len(found)
    return found


@pytest.mark.parametrize("officer", ["sam", "carl"])
def test_an_officer_never_sees_two_peoples_points_on_one_page(client, request, totals, officer):
    who = request.getfixturevalue(officer)
    seen = set()
    for address, soup in walk(client, as_member(who), ["/", "/sheets", "/members", "/sheet/2026"]):
        papers = soup.select("article.a4")
        assert all(len(totals_on_paper(paper, totals)) <= 1 for paper in papers), f"{address} has two people on a paper"
        for paper in papers[1:]:  # a branch's papers are printed in one go, each a page of its own
            paper.decompose()
        shown = totals_on(soup, totals)
        assert len(shown) <= 1, f"{address} shows the points of {shown}"
        seen |= shown
    assert seen == (set() if officer == "carl" else set(totals))


def test_the_list_of_sheets_has_names_by_group_and_pinyin_and_no_points(client, examples, sam, alice, totals):
    soup = page(client.get("/sheets", headers=as_member(sam)))
    cards = [[words(name) for name in card.select("b.t")] for card in soup.select("section")]
    assert cards[0] == ["艾莉", "包波"]
    without_group = ["陈立", "窦兰", "李建国", "沈山", "孙浩", "王敏", "吴静", "赵晓岚", "郑凯", "周婷"]
    assert cards[1] == without_group
    assert totals_on(soup, totals) == set()
    assert all(link["href"].startswith("/members/") for link in soup.select("a.row"))


@pytest.mark.parametrize("person", ["alice", "carl"])
def test_the_list_of_sheets_is_for_officers(client, request, person):
    response = client.get("/sheets", headers=as_member(request.getfixturevalue(person)))
    assert response.status_code == 403


def test_two_peoples_points_on_one_page_would_be_found():
    ranking = BeautifulSoup("<body>赵晓岚 76.37 · 李建国 59.04 · 176.370</body>", "html5lib")
    assert totals_on(ranking, {"赵晓岚": "76.37", "李建国": "59.04", "王敏": "85.13"}) == {"赵晓岚", "李建国"}

"""The checks of every page can fail: each is shown a page that has just that fault."""

import pytest
from bs4 import BeautifulSoup

from tests.page import errors, message, problems

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Study</title></head><body><main><h1>Study</h1><p id="message">Saved.</p>
<form method="post" action="/study" hx-post="/study"><label for="title">What</label>
<input id="title" name="title" aria-invalid="true" aria-describedby="title-wrong">
<p id="title-wrong" class="wrong">Too long.</p>
<button>Record</button></form></main></body></html>"""

FAULTS = {
    "syntax": ("<p id=", "<p><div id="),
    "unclosed": ("</main>", ""),
    "lang": (' lang="en"', ""),
    "title": ("<title>Study</title>", "<title> </title>"),
    "no h1": ("<h1>Study</h1>", ""),
    "two h1": ("<h1>Study</h1>", "<h1>Study</h1><h1>Again</h1>"),
    "viewport": ('name="viewport"', 'name="other"'),
    "same id twice": ('id="message"', 'id="title"'),
    "label points nowhere": ('for="title"', 'for="tilte"'),
    "no label": ('<label for="title">What</label>', ""),
    "no method": ('method="post" ', ""),
    "no action": ('action="/study"', 'action=""'),
    "htmx does another thing": ('hx-post="/study"', 'hx-post="/study/new"'),
    "no way to send": ("<button>Record</button>", ""),
    "hx-post on a button": ("<button>", '<button hx-post="/study">'),
    "nameless button": ("<button>Record</button>", "<button></button>"),
    "required file": ("<input id", '<input type="file" required id'),
    "style attribute": ("<h1>", '<h1 style="color:red">'),
    "style sheet": ("</head>", "<style>h1{}</style></head>"),
    "inline script": ("</head>", "<script>go()</script></head>"),
    "event attribute": ("<button>", '<button onclick="go()">'),
    "script address": ("<h1>Study</h1>", '<h1><a href="javascript:go()">Study</a></h1>'),
    "picture without alt": ("<h1>Study</h1>", '<h1>Study<img src="/x.png"></h1>'),
}


def test_a_good_page_has_no_problems():
    assert list(problems(GOOD)) == []


@pytest.mark.parametrize(("good", "bad"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found(good, bad):
    assert good in GOOD
    assert list(problems(GOOD.replace(good, bad, 1)))


@pytest.mark.parametrize(
    "html", ["<li id='a'>one</li>", "<tr id='a'><td>one</td></tr>", "<section><h2>x</h2></section>"]
)
def test_a_part_of_a_page_needs_no_frame(html):
    assert list(problems(html, whole=False)) == []


def test_a_part_of_a_page_keeps_the_manners():
    assert list(problems("<form><input name=a></form>", whole=False))


def test_sentences_are_read_where_they_stand():
    soup = BeautifulSoup(GOOD, "html5lib")
    assert message(soup) == "Saved."
    assert errors(soup) == {"title": "Too long."}

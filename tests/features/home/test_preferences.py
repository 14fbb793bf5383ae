"""Language, size and colours of one browser, also before anybody is signed in."""

from http.cookies import SimpleCookie

import pytest

from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page


def choose(client, headers=None, **fields):
    return client.post("/me/preferences", data=fields, headers=headers or {})


def cookies(response):
    jar = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        jar.load(header)
    return jar


@pytest.mark.parametrize(
    ("field", "value", "attribute"),
    [
        ("language", "en", "lang"),
        ("language", "zh_CN", "lang"),
        ("text", "large", "data-text"),
        ("theme", "dark", "data-theme"),
    ],
)
def test_a_choice_lasts_a_year_and_is_seen_at_once(client, field, value, attribute):
    response = choose(client, **{field: value, "next": "/activate"})
    assert (response.status_code, response.headers["location"]) == (303, "/activate")
    (cookie,) = cookies(response).values()
    assert (cookie.value, cookie["max-age"], cookie["path"]) == (value, "31536000", "/")
    soup = page(client.get("/activate"))
    assert soup.html[attribute] == value.replace("_", "-")


def test_what_is_not_chosen_stays(client):
    choose(client, text="large")
    response = choose(client, theme="dark")
    assert set(cookies(response)) == {"sanliang_theme"}
    soup = page(client.get("/sign-in"))
    assert (soup.html["data-text"], soup.html["data-theme"]) == ("large", "dark")


def test_as_the_browser_forgets_the_language(client):
    choose(client, language="zh_CN")
    choose(client, language="browser")
    assert page(client.get("/sign-in", headers=ENGLISH)).html["lang"] == "en"


def test_all_at_once_from_the_own_page(client, alice):
    soup = page(client.get("/me", headers=as_member(alice)))
    names = {field["name"] for field in soup.select("form[action='/me/preferences'] [name]")}
    assert names == {"next", "language", "text", "theme", "files"}
    response = choose(client, as_member(alice), next="/me", language="en", text="normal", theme="light")
    assert set(cookies(response)) == {"sanliang_lang", "sanliang_text", "sanliang_theme"}


def test_htmx_loads_the_whole_page_anew(client):
    response = choose(client, HTMX, text="large", next="/sign-in")
    assert (response.status_code, response.headers["hx-redirect"]) == (200, "/sign-in")


@pytest.mark.parametrize("fields", [{"theme": "pink"}, {"text": "huge"}, {"language": "fr"}])
def test_no_other_choices(client, fields):
    response = choose(client, **fields)
    page(response, 422)
    assert "set-cookie" not in response.headers


def test_no_way_out_of_the_house(client):
    assert choose(client, text="large", next="//evil.example").headers["location"] == "/"


def test_an_address_with_chinese_in_it_goes_into_the_headers_of_both_answers(client):
    where = {"next": "/members?q=艾"}
    landed = choose(client, **where)
    told = choose(client, HTMX, **where)
    assert landed.headers["location"] == told.headers["hx-redirect"] == "/members?q=%E8%89%BE"

"""The whole way against a certified provider: out, signed in there, back, in; and what it answers instead."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from app.features.sign_in.outside import oidc
from app.features.sign_in.outside.rules import MadeBy, Way
from tests.features.sign_in.makers import make_newcomer
from tests.features.sign_in.outside.makers import word_of
from tests.makers import make_member
from tests.page import page

OUT = "/sign-in/with/oidc"


def go(client, browser, *, start=OUT, **who):
    """Out by the button and back again: what we answer then."""
    sent = client.get(start)
    assert sent.status_code == 303, sent.text[:500]
    back = urlsplit(browser.comes_back(sent.headers["location"], **who))
    return client.get(f"{back.path}?{back.query}")


def is_in(client):
    return client.get("/me/devices").status_code == 200


@pytest.fixture
def linked(given, alice, organ):
    """Alice has linked the account that the provider calls ai.li."""
    from app.features.sign_in.outside.models import OutsideLink

    def link(session):
        said = word_of("ai.li", place=organ.issuer)
        session.add(
            OutsideLink(member_id=alice.id, way=Way.OIDC, subject_digest=said.digest, label="艾丽", made_by=MadeBy.SELF)
        )

    given(link)


def test_alice_comes_in_where_she_was_going(client, organ, linked):
    back = go(client, organ.browser(), start=f"{OUT}?next=/study%3Fmonth%3D2026-03", name="ai.li")
    assert (back.status_code, back.headers["location"]) == (303, "/study?month=2026-03")
    assert is_in(client)


def test_who_is_signed_in_there_types_nothing(client, organ, linked):
    browser = organ.browser()
    go(client, browser, name="ai.li")
    client.cookies.clear()
    assert go(client, browser).status_code == 303
    assert is_in(client)


def test_another_key_is_asked_for_at_once(client, organ, linked):
    go(client, organ.browser(), name="ai.li")
    organ.rotate()
    client.cookies.clear()
    assert go(client, organ.browser(), name="ai.li").status_code == 303
    assert is_in(client)


def test_the_way_back_is_good_once(client, organ, linked):
    sent = client.get(OUT)
    token = dict(client.cookies)
    back = urlsplit(organ.browser().comes_back(sent.headers["location"], name="ai.li"))
    assert client.get(f"{back.path}?{back.query}").status_code == 303
    client.cookies.clear()
    client.cookies.update(token)
    again = client.get(f"{back.path}?{back.query}")
    assert again.status_code == 400
    assert "重新开始" in page(again, 400).main.get_text()
    assert not is_in(client)


def test_who_declines_is_told_and_can_type(client, organ):
    back = go(client, organ.browser(), declines=True)
    soup = page(back, 403)
    assert "单位账号" in soup.select_one(".message").get_text()
    assert soup.select_one("input[name=password]")


def test_a_number_opens_an_account_that_nobody_has_opened(client, organ, config, given, branch):
    config(oidc_issuer=organ.issuer, sign_in_by_number=("oidc",))
    given(make_newcomer, branch, "安宁", member_number="A-0070")
    assert go(client, organ.browser(), name="an.ning").status_code == 303
    assert "安宁" in client.get("/me").text


@pytest.mark.parametrize("name", ["an.ning", "nobody"])
def test_an_account_that_somebody_has_opened_is_not(client, organ, config, given, branch, name):
    config(oidc_issuer=organ.issuer, sign_in_by_number=("oidc",))
    given(make_member, branch, "安宁", member_number="A-0070")
    back = go(client, organ.browser(), name=name)
    assert back.status_code == 403
    assert not is_in(client)


def test_proving_oneself_asks_there_anew(client, organ, linked, database):
    from app.features.sign_in.models import SignInSession

    browser = organ.browser()
    go(client, browser, name="ai.li")
    sent = client.get("/confirm/with/oidc?next=/me/export")
    assert {"prompt": "login", "max_age": "0"}.items() <= dict(
        parse_qsl(urlsplit(sent.headers["location"]).query)
    ).items()
    back = urlsplit(browser.comes_back(sent.headers["location"], name="ai.li"))
    with database.write() as session:
        session.query(SignInSession).update({"confirmed_at": None})
    answer = client.get(f"{back.path}?{back.query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/export")
    assert client.get("/me/export").status_code == 200


def test_a_provider_that_is_not_there_leaves_the_password(client, config):
    oidc.forget_all()
    config(oidc_issuer="http://127.0.0.1:9")
    soup = page(client.get(OUT), 503)
    assert "暂时连不上" in soup.select_one(".message").get_text()
    assert soup.select_one("input[name=password]")

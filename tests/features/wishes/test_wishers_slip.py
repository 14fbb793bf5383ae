"""The slip in the wisher's hand: no account, nothing to guess, and nothing about who wishes."""

import re

import pytest

from app.features.sign_in.rules import ADDRESS_CEILING
from app.features.wishes.models import Wish, WishEvent
from app.features.wishes.rules import MOST_FAILURES, Status, Step
from app.features.wishes.wisher import service as withdrawal
from tests.features.sign_in.makers import make_failures
from tests.features.wishes.makers import make_claimed, make_fulfilled
from tests.makers import HTMX, PASSWORD, as_member
from tests.page import errors, fragment, page


def status(database, wish):
    with database.read() as session:
        return session.get_one(Wish, wish.id).status


@pytest.fixture
def slip(client, given, alice, cora, wish):
    """Token and code of a slip that the collector has printed for a wish that was handed over."""
    from unittest.mock import patch

    given(make_fulfilled, wish, alice)
    addresses = []
    with patch("app.features.wishes.wisher.routes.qr_picture", side_effect=lambda a: addresses.append(a) or ""):
        printed = page(client.post(f"/wishes/{wish.id}/slip", headers=as_member(cora)))
    code = re.sub(r"\D", "", printed.find(class_="slip-code").get_text())
    return addresses[0].rsplit("/", 1)[1], code


def test_the_paper_carries_no_word_of_who_wishes(client, given, alice, cora, wish):
    given(make_claimed, wish, alice)
    printed = page(client.post(f"/wishes/{wish.id}/slip", headers=as_member(cora)))
    said = printed.find(class_="slip").get_text(" ", strip=True)
    assert wish.code in said
    assert printed.find(class_="slip-picture").svg
    assert alice.name not in said


def test_the_wisher_needs_no_account(client, database, slip, wish, alice):
    token, _code = slip
    shown = page(client.get(f"/w/{token}"))
    assert wish.title in shown.get_text()
    assert alice.name not in shown.get_text()
    assert client.get(f"/w/{token}").headers["cache-control"] == "no-store"
    response = client.post(f"/w/{token}/arrived")
    assert (response.status_code, response.headers["location"]) == (303, f"/w/{token}")
    assert status(database, wish) is Status.REALISED
    with database.read() as session:
        confirmed = session.query(WishEvent).filter_by(step=Step.CONFIRM).one()
    assert (confirmed.by_wisher, confirmed.by_id) == (True, None)


def test_twice_is_once(client, slip):
    token, _code = slip
    client.post(f"/w/{token}/arrived")
    again = client.post(f"/w/{token}/arrived")
    assert page(again, status=409).find("form", action=f"/w/{token}/arrived") is None


def test_the_wisher_says_that_nothing_has_come(client, database, slip, wish):
    token, _code = slip
    assert client.post(f"/w/{token}/not-yet").status_code == 303
    assert status(database, wish) is Status.IN_PROGRESS
    assert not page(client.get(f"/w/{token}")).find("form", action=f"/w/{token}/arrived")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_code_is_said_aloud_and_typed(client, database, slip, wish, alice, headers):
    _token, code = slip
    response = client.post(
        f"/wishes/{wish.id}/code", data={"code": f"{code[:3]} {code[3:]}"}, headers=headers | as_member(alice)
    )
    assert response.status_code == (200 if headers else 303)
    assert status(database, wish) is Status.REALISED


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_wrong_codes_are_counted_although_they_are_refused(client, database, slip, wish, alice, headers):
    _token, code = slip
    wrong = {"code": f"{(int(code) + 1) % 10**6:06}"}
    for _ in range(MOST_FAILURES):
        response = client.post(f"/wishes/{wish.id}/code", data=wrong, headers=headers | as_member(alice))
        shown = fragment(response, status=422) if headers else page(response, status=422)
    assert headers or errors(shown)["code"]
    response = client.post(f"/wishes/{wish.id}/code", data={"code": code}, headers=headers | as_member(alice))
    assert response.status_code == 409
    assert status(database, wish) is Status.TO_CONFIRM


def test_made_up_links_lead_nowhere_and_soon_nobody_answers(client, given, slip):
    assert client.get("/w/made-up").status_code == 404
    given(make_failures, ADDRESS_CEILING.failures, network="wisher:testclient")
    assert client.get("/w/made-up-too").status_code == 429
    token, _code = slip
    assert client.get(f"/w/{token}").status_code == 200, "who has a slip is not shut out with who guesses"


def test_made_up_links_lock_nobody_out_of_signing_in(client, given, alice):
    given(make_failures, ADDRESS_CEILING.failures, network="wisher:testclient")
    assert client.get("/w/made-up").status_code == 429
    signed_in = client.post("/sign-in", data={"login": alice.phone, "password": PASSWORD})
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/")


@pytest.mark.parametrize("token", ["%00", "..%2f..", "a" * 900, "<script>", "单"])
def test_odd_links_are_only_unknown(client, token):
    assert client.get(f"/w/{token}").status_code in (404, 422, 400)


def test_a_withdrawn_wish_has_no_slip(client, given, slip, wish, cora):
    token, _code = slip
    given(withdrawal.withdraw, wish_id=wish.id, by_id=cora.id)
    assert client.get(f"/w/{token}").status_code == 404


def test_the_wisher_takes_the_wish_back_at_once(client, database, slip, wish, alice):
    token, _code = slip
    shown = page(client.post(f"/w/{token}/withdraw"))
    assert not shown.find("form")
    assert status(database, wish) is Status.WITHDRAWN
    assert client.get(f"/w/{token}").status_code == 404
    assert client.post(f"/w/{token}/withdraw").status_code == 404
    for_alice = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice)))
    assert "按键" not in for_alice.get_text(), "what was needed is nobody's business any more"


def test_what_came_true_can_still_be_taken_back_until_it_is_closed(client, database, slip, wish):
    token, _code = slip
    client.post(f"/w/{token}/arrived")
    assert page(client.get(f"/w/{token}")).find("form", action=f"/w/{token}/withdraw")


def test_other_peoples_desks_print_no_slip(client, oscar, olga, carl, wish):
    assert client.post(f"/wishes/{wish.id}/slip", headers=as_member(oscar)).status_code == 404
    for person in (olga, carl):
        assert client.post(f"/wishes/{wish.id}/slip", headers=as_member(person)).status_code == 403

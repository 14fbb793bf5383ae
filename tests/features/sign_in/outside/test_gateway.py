"""A gateway before this house: believed beside its secret, said once, from where it stands, and nowhere else."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from app.core.settings import Settings
from app.features.members.models import AuditEntry
from app.features.sign_in.outside import gateway
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.models import OutsideLink
from app.features.sign_in.outside.rules import MadeBy, Way
from app.features.sign_in.outside.ways import Trip
from app.features.sign_in.rules import COOKIE
from tests.features.sign_in.factors.makers import code_now, make_app
from tests.features.sign_in.makers import make_newcomer
from tests.features.sign_in.outside.makers import word_of
from tests.page import page

OUT = "/sign-in/with/gateway"
SECRET = "k9-rather-long-and-known-to-two-machines"
OF_THE_GATEWAY = {"Sanliang-Gateway": SECRET}


@pytest.fixture(autouse=True)
def guarded(config):
    return config(sign_in=("gateway",), gateway_header="X-Remote-User", gateway_secret=SECRET)


def go_out(client, start=OUT):
    sent = client.get(start)
    assert sent.status_code == 303, sent.text[:300]
    return sent.headers["location"]


def go(client, start=OUT, *, user="ai.li", **headers):
    """Out and straight back, past the gateway."""
    return client.get(go_out(client, start), headers={"X-Remote-User": user, **OF_THE_GATEWAY, **headers})


def make_link(session, person, subject="ai.li", made_by=MadeBy.SELF):
    digest = word_of(subject, way=Way.GATEWAY, place="x-remote-user").digest
    session.add(
        OutsideLink(member_id=person.id, way=Way.GATEWAY, subject_digest=digest, label=subject, made_by=made_by)
    )


def is_in(client):
    return client.get("/me/devices").status_code == 200


def test_alice_is_in_where_she_was_going(client, given, alice):
    given(make_link, alice)
    assert "单位统一门户" in page(client.get("/sign-in")).select_one("main a.btn").get_text()
    back = go(client, f"{OUT}?next=/wishes")
    assert (back.status_code, back.headers["location"]) == (303, "/wishes")
    assert is_in(client)


@pytest.mark.parametrize("more", [{"gateway_header": ""}, {"gateway_secret": ""}, {"sign_in": ()}])
def test_half_set_up_it_is_not_there(client, config, more):
    config(**{"sign_in": ("gateway",), "gateway_header": "X-Remote-User", "gateway_secret": SECRET, **more})
    assert (client.get(OUT).status_code, client.get(f"{OUT}/back").status_code) == (404, 404)


def test_the_headers_alone_sign_nobody_in(client, given, alice):
    """Neither on another page, nor on the way back of a trip that this browser has not begun."""
    given(make_link, alice)
    headers = {"X-Remote-User": "ai.li", **OF_THE_GATEWAY}
    assert client.get("/me/devices", headers=headers).status_code == 303
    back = go_out(client)
    client.cookies.clear()
    assert client.get(back, headers=headers).status_code == 400
    assert client.get(f"{OUT}/back", headers=headers).status_code == 400
    assert not is_in(client)


def test_without_the_secret_a_header_is_only_what_somebody_wrote(client, given, alice, caplog):
    given(make_link, alice)
    assert client.get(go_out(client), headers={"X-Remote-User": "ai.li"}).status_code == 503
    with caplog.at_level(logging.DEBUG):
        assert go(client, **{"Sanliang-Gateway": SECRET[:-1] + "?"}).status_code == 502
    assert "another secret" in caplog.text
    assert SECRET[:-1] not in caplog.text
    assert "ai.li" not in caplog.text
    assert not is_in(client)


def test_what_went_wrong_leaves_the_page_that_was_wanted(client):
    back = client.get(go_out(client, f"{OUT}?next=/wishes"))
    assert back.status_code == 503
    assert page(back, 503).select_one("input[name=next]")["value"] == "/wishes"


def test_alice_looks_at_it_and_links_it(client, alice, database):
    client.cookies.set(COOKIE, alice.token)
    offer = page(go(client, "/me/sign-ins/gateway/link")).select_one("input[name=offer]")["value"]
    with database.read() as session:
        assert not session.query(OutsideLink).count()
    assert client.post("/me/sign-ins", data={"offer": offer}).status_code == 303
    client.cookies.clear()
    assert go(client).status_code == 303
    assert is_in(client)


def test_sam_s_post_wants_the_second_step_too(client, given, sam):
    given(make_link, sam)
    assert go(client).status_code == 403
    secret = given(make_app, sam)
    assert go(client).status_code == 303
    assert not is_in(client)
    assert client.post("/sign-in/second", data={"code": code_now(secret)}).status_code == 303
    assert is_in(client)


@pytest.mark.parametrize(("header", "sent"), [("", {"user": "A-0070"}), ("X-Number", {"X-Number": "A-0070"})])
def test_a_number_opens_a_new_account_where_it_is_believed(client, config, given, branch, database, header, sent):
    given(make_newcomer, branch, "安宁", member_number="A-0070")
    said = {
        "sign_in": ("gateway",),
        "gateway_header": "X-Remote-User",
        "gateway_number_header": header,
        "gateway_secret": SECRET,
    }
    config(**said)
    assert go(client, **sent).status_code == 403
    config(**said, sign_in_by_number=("gateway",))
    assert go(client, **sent).status_code == 303
    with database.read() as session:
        entry = session.query(AuditEntry).filter_by(action="account_linked").one()
        assert SECRET not in str(entry.changes)


def test_a_sensitive_act_asks_for_the_password(client, given, alice):
    """A gateway says who has signed in, and not when."""
    given(make_link, alice)
    go(client)
    assert client.get("/me/export").status_code == 303
    assert client.get("/confirm/with/gateway").status_code == 404


def said_by(headers, *, peer="10.1.2.3", **config):
    """What is made of ``headers``, a list of names and values, by the reader alone."""
    held = Settings(**{"sign_in": ("gateway",), "gateway_header": "X-Remote-User", "gateway_secret": SECRET, **config})
    back = "https://sanliang.example.org/sign-in/with/gateway/back"
    pairs = [(name.lower(), value.encode().decode("latin-1")) for name, value in headers]
    trip = Trip("5eed", "t", back, headers=lambda name: [v for n, v in pairs if n == name.lower()], peer=peer)
    assert gateway.Voice(held).address(trip) == f"{back}?state=5eed"
    return gateway.Voice(held).said(trip, {})


KEY, AI_LI = ("Sanliang-Gateway", SECRET), ("X-Remote-User", "ai.li")


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ([AI_LI], UnreachableError),
        ([KEY], DeclinedError),
        ([KEY, ("X-Remote-User", " ")], DeclinedError),
        ([KEY, ("X-Remote-User", "bao.bo"), AI_LI], NotBelievedError),  # the visitor's own beside the gateway's
        ([KEY, ("Sanliang-Gateway", "guessed"), AI_LI], NotBelievedError),
        ([("Sanliang-Gateway", "密"), AI_LI], NotBelievedError),
        ([("Sanliang-Gateway", ""), AI_LI], NotBelievedError),
        ([KEY, ("X-Remote-User", "a" * 256)], NotBelievedError),
        ([KEY, ("X-Remote-User", "ai\tli")], NotBelievedError),
    ],
)
def test_what_is_not_believed(headers, refusal):
    with pytest.raises(refusal) as caught:
        said_by(headers)
    assert SECRET not in str(caught.value.values)
    assert "ai.li" not in str(caught.value.values)


def test_what_is_said():
    word = said_by([KEY, ("X-Remote-User", "艾丽")])
    assert (word.place, word.subject, word.label, word.number) == ("x-remote-user", "艾丽", "艾丽", "艾丽")
    assert word.proved_at is None
    word = said_by([KEY, AI_LI, ("X-Number", "A-1")], gateway_number_header="X-Number")
    assert (word.subject, word.number) == ("ai.li", "A-1")
    assert said_by([KEY, AI_LI], gateway_number_header="X-Number").number == ""


@pytest.mark.parametrize(("peer", "believed"), [("10.1.2.3", True), ("10.2.0.1", False), ("", False)])
def test_where_proxies_are_known_it_is_believed_from_one_of_them(peer, believed):
    known = ("127.0.0.1", "10.1.0.0/16")
    if believed:
        assert said_by([KEY, AI_LI], peer=peer, trusted_proxies=known).subject == "ai.li"
    else:
        with pytest.raises(NotBelievedError):
            said_by([KEY, AI_LI], peer=peer, trusted_proxies=known)


@pytest.mark.parametrize(
    "typed",
    [
        {"gateway_secret": "a" * 31},
        {"gateway_secret": "a b" * 20},
        {"gateway_header": "sanliang-Gateway"},  # what is to be kept secret would be a name
        {"gateway_number_header": "Sanliang-Gateway"},
        {"gateway_header": "X Remote"},
    ],
)
def test_settings_that_would_open_too_much_are_refused(typed):
    with pytest.raises(ValidationError):
        Settings(**typed)


def test_the_check_says_what_is_read_and_no_secret(guarded):
    said = gateway.Voice(guarded).look()
    assert any("X-Remote-User" in line for line in said)
    assert any("SANLIANG_TRUSTED_PROXIES" in line for line in said)
    assert SECRET not in "".join(said) + repr(guarded)


def test_the_way_out_names_neither_header_nor_secret(client):
    asked = parse_qs(urlsplit(go_out(client)).query)
    assert list(asked) == ["state"]

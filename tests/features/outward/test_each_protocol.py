"""Each way speaks to its service as that one wants it, and reads its answer: whatever the status, a no is a no."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.features.outward import push_key, sending
from app.features.outward.rules import ChannelKind, Purpose, ServiceAnswer
from tests.features.outward.services import (
    DING,
    FEISHU,
    ROBOT,
    SECRET,
    Browser,
    certificate,
    in_bytes,
    opened,
    services,
)

WORDS = "三亮：您有事情要办，打开三亮就能看到。"
LINK = "\nhttps://sanliang.example.org/"


def carried(config, kind, to, secret="", purpose=Purpose.REMINDER, language="zh_CN"):
    order = sending.order(config, kind, {"to": to, "secret": secret, "code": "012345"}, purpose, language)
    with sending.courier() as carry:
        return carry(order)


CHATS = [
    (ChannelKind.WECOM, "ai.li", ""),
    (ChannelKind.WECOM_ROBOT, ROBOT, ""),
    (ChannelKind.DINGTALK, DING, SECRET),
    (ChannelKind.FEISHU, FEISHU, SECRET),
]


@pytest.mark.parametrize(("kind", "to", "secret"), CHATS)
def test_the_service_reads_the_fixed_words_and_nothing_else(config, outside, kind, to, secret):
    assert carried(config(outside.url), kind, to, secret).answer is ServiceAnswer.TAKEN
    assert outside.texts[-1] == WORDS + LINK


@pytest.mark.parametrize(
    ("kind", "to", "secret", "answer", "detail"),
    [
        (ChannelKind.WECOM, "nobody", "", ServiceAnswer.NO_SUCH_ADDRESS, "code 81013"),
        (ChannelKind.WECOM_ROBOT, ROBOT[::-1], "", ServiceAnswer.NO_SUCH_ADDRESS, "code 93000"),
        (ChannelKind.DINGTALK, DING[::-1], SECRET, ServiceAnswer.NO_SUCH_ADDRESS, "code 300005"),
        (ChannelKind.DINGTALK, DING, SECRET[:-1], ServiceAnswer.NO_SUCH_ADDRESS, "code 310000"),
        (ChannelKind.DINGTALK, DING, "", ServiceAnswer.NO_SUCH_ADDRESS, "code 310000"),
        (ChannelKind.FEISHU, FEISHU[::-1], SECRET, ServiceAnswer.NO_SUCH_ADDRESS, "code 19001"),
        (ChannelKind.FEISHU, FEISHU, SECRET[:-1], ServiceAnswer.NO_SUCH_ADDRESS, "code 19021"),
    ],
)
def test_a_no_in_an_answer_of_200_is_a_no(config, outside, kind, to, secret, answer, detail):
    assert carried(config(outside.url), kind, to, secret)[:2] == (answer, detail)
    assert outside.texts in ([], [""])  # the application may have signed in


def test_the_application_signs_in_once_for_many_and_its_own_faults_are_nobody_s_address(config, outside):
    said = config(outside.url)
    with sending.courier() as carry:
        for person in ("ai.li", "bao.bo"):
            carry(sending.order(said, ChannelKind.WECOM, {"to": person}, Purpose.REMINDER, "en"))
    assert [one["path"].rpartition("/")[2] for one in outside.heard] == ["gettoken", "send", "send"]
    assert outside.texts[-1] == "Sanliang: you have something to do. Open Sanliang to see what it is." + LINK
    wrong = config(outside.url, wecom_app="ww0123456789abcdef:another@1000002")
    assert carried(wrong, ChannelKind.WECOM, "ai.li")[:2] == (ServiceAnswer.REFUSED, "code 40001")


@pytest.mark.parametrize(
    ("ill", "answer", "detail"),
    [
        ({"status": 503, "headers": {"Retry-After": "7200"}}, ServiceAnswer.REFUSED, "HTTP 503"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:9/inside"}}, ServiceAnswer.REFUSED, "HTTP 302"),
        ({"errcode": 45009}, ServiceAnswer.REFUSED, "code 45009"),
        ({"page": "of a proxy"}, ServiceAnswer.REFUSED, "no answer of this service"),
        ({"status": 504}, ServiceAnswer.UNKNOWN, "HTTP 504"),
        ({"cut": True}, ServiceAnswer.UNKNOWN, "ConnectionError"),
        ({"hangs": 6}, ServiceAnswer.UNKNOWN, "no answer in time"),
    ],
)
def test_what_may_have_arrived_is_unknown_and_what_has_not_is_said_so(config, outside, ill, answer, detail):
    outside.ill = ill
    order = sending.order(config(outside.url), ChannelKind.WECOM_ROBOT, {"to": ROBOT}, Purpose.REMINDER, "zh_CN")
    with sending.courier(patience=5) as carry:
        verdict = carry(order)
        assert verdict[:2] == (answer, detail)
        assert [one["path"] for one in outside.heard] == ["/cgi-bin/webhook/send"]  # asked once, followed nowhere
        assert (verdict.retry_after.total_seconds() if verdict.retry_after else 0) == (
            7200 if detail.endswith("503") else 0
        )
        outside.ill = None
        assert carry(order).answer is ServiceAnswer.TAKEN  # the next one is carried all the same


@pytest.mark.parametrize(("kind", "to", "secret"), [*CHATS, (ChannelKind.MAIL, "ai@example.org", "")])
def test_nobody_there_is_unreachable(config, kind, to, secret):
    assert carried(config(), kind, to, secret).answer is ServiceAnswer.UNREACHABLE


def test_a_mail_is_the_same_words_to_one_person(config, box):
    said = config(mail_server=box.address)
    assert carried(said, ChannelKind.MAIL, "ai@example.org").answer is ServiceAnswer.TAKEN
    [letter] = box.letters
    assert (letter["To"], letter["Subject"]) == ("ai@example.org", "三亮提醒")
    assert (letter["From"], letter["Auto-Submitted"]) == ("sanliang@example.org", "auto-generated")
    assert letter.get_content().split() == (WORDS + LINK).split()
    assert carried(said, ChannelKind.MAIL, "nobody@example.org")[:2] == (ServiceAnswer.NO_SUCH_ADDRESS, "SMTP 550")


@pytest.fixture
def pushed(config, tmp_path, monkeypatch):
    """A push service behind TLS, and the browser that has subscribed there."""
    file = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with services(file) as server:
        said = config()
        browser = Browser(push_key.public_key(said.push_key_file))
        server.browsers["/push/one"] = browser
        yield server, said, browser


def test_a_push_message_opens_for_its_browser_alone_and_says_who_sent_it(pushed):
    server, said, browser = pushed
    verdict = carried(said, ChannelKind.PUSH, browser.subscription(f"{server.url}/push/one"))
    assert verdict[:2] == (ServiceAnswer.TAKEN, "HTTP 201")
    [one] = server.heard
    assert (one["text"]["title"], one["text"]["body"]) == ("三亮", WORDS)
    assert one["text"]["icon"].startswith("/assets/icon-192")
    assert one["claims"]["aud"] == server.url
    assert one["claims"]["sub"] == "mailto:sanliang@example.org"
    assert one["ttl"] == 86_400  # a phone may be off until tomorrow
    gone = carried(said, ChannelKind.PUSH, browser.subscription(f"{server.url}/push/another"))
    assert gone[:2] == (ServiceAnswer.NO_SUCH_ADDRESS, "HTTP 410")


def test_a_push_service_that_cannot_prove_who_it_is_gets_nothing(pushed, monkeypatch):
    server, said, browser = pushed
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    verdict = carried(said, ChannelKind.PUSH, browser.subscription(f"{server.url}/push/one"))
    assert verdict[:2] == (ServiceAnswer.UNREACHABLE, "SSLError")
    assert server.heard == []


def test_the_opener_of_these_tests_opens_the_example_of_the_standard():
    """RFC 8291, section 5."""
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    number = int.from_bytes(in_bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    key = ec.derive_private_key(number, ec.SECP256R1())
    assert key.public_key() == ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), in_bytes(point))
    assert (
        opened(in_bytes(body), key, in_bytes("BTBZMqHH6r4Tts7J_aSIgg")) == "When I grow up, I want to be a watermelon"
    )


def test_the_key_is_its_owner_s_alone_and_never_made_twice(tmp_path):
    path = Path(tmp_path / "push.key")
    push_key.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        push_key.make(path)
    assert push_key.public_key(tmp_path / "missing") == ""
    assert len(push_key.public_key(path)) == 87

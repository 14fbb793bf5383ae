"""WeCom and DingTalk in the form that they document, with their codes for what is wrong; stubs on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.core.settings import Settings
from app.features.sign_in.outside import dingtalk, wecom
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.ways import Trip

TRIP = Trip(state="5eed", token="a-token", back="https://sanliang.example.org/sign-in/with/wecom/back")


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Desk)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.heard, self.ill, self.token = [], {}, "token-1"


class _Desk(BaseHTTPRequestHandler):
    def log_message(self, *_words):
        pass

    def do_GET(self):
        self.answer({})

    def do_POST(self):
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, said):
        parts = urlsplit(self.path)
        self.server.heard.append(parts.path)
        status, body = self.server.ill.get(parts.path) or self.judged(parts.path, dict(parse_qsl(parts.query)), said)
        sent = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def judged(self, path, asked, said):
        match path:
            case "/cgi-bin/gettoken":
                right = asked == {"corpid": "ww0123", "corpsecret": "a-secret"}
                token = {"errcode": 0, "errmsg": "ok", "access_token": self.server.token, "expires_in": 7200}
                return 200, token if right else {"errcode": 40001, "errmsg": "invalid credential"}
            case "/cgi-bin/auth/getuserinfo":
                if asked["access_token"] != self.server.token:
                    return 200, {"errcode": 42001, "errmsg": "access_token expired"}
                known = {"good": {"userid": "Ai.Li"}, "stranger": {"openid": "o-1", "external_userid": "wm-1"}}
                found = known.get(asked["code"])
                return 200, {"errcode": 0, "errmsg": "ok"} | found if found else {
                    "errcode": 40029,
                    "errmsg": "invalid code",
                }
            case "/v1.0/oauth2/userAccessToken":
                right = said == {
                    "clientId": "ding0123",
                    "clientSecret": "a-secret",
                    "code": "good",
                    "grantType": "authorization_code",
                }
                token = {"accessToken": "a-user-token", "refreshToken": "r", "expireIn": 7200, "corpId": "c"}
                return (200, token) if right else (400, {"code": "invalidParameter.authCode.notFound", "message": "x"})
            case "/v1.0/contact/users/me":
                if self.headers["x-acs-dingtalk-access-token"] != "a-user-token":
                    return 401, {"code": "InvalidAuthentication", "message": "x"}
                return 200, {"nick": "艾丽", "unionId": "z21HjQli", "openId": "o"}
            case "/v1.0/oauth2/accessToken":
                right = said == {"appKey": "ding0123", "appSecret": "a-secret"}
                return (
                    (200, {"accessToken": "t", "expireIn": 7200}) if right else (400, {"code": "invalidClientSecret"})
                )
        return 404, {}


@pytest.fixture
def service():
    wecom._tokens.clear()
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    wecom._tokens.clear()


def config(service, secret="a-secret"):
    return Settings(
        sign_in=(f"wecom={service.url}", f"dingtalk={service.url}"),
        wecom_app=f"ww0123:{secret}@1000002",
        dingtalk_app=f"ding0123:{secret}",
    )


@pytest.mark.parametrize(
    ("browser", "begins", "more"),
    [
        ("Chrome/124.0", f"{wecom.LOGIN}/wwlogin/sso/login?", {"login_type": "CorpApp"}),
        (
            "MicroMessenger/8 wxwork/4.1",
            f"{wecom.WITHIN}/connect/oauth2/authorize?",
            {"response_type": "code", "scope": "snsapi_base"},
        ),
    ],
)
def test_where_wecom_is_gone_to(browser, begins, more):
    here = Settings(sign_in=("wecom",), wecom_app="ww0123:a-secret@1000002")
    trip = Trip(TRIP.state, TRIP.token, TRIP.back, browser=browser)
    address = wecom.Voice(here).address(trip)
    assert address.startswith(begins)
    assert "a-secret" not in address
    common = {"appid": "ww0123", "agentid": "1000002", "redirect_uri": TRIP.back, "state": "5eed"}
    assert dict(parse_qsl(urlsplit(address).query)) == common | more


def test_where_dingtalk_is_gone_to():
    address = dingtalk.Voice(Settings(sign_in=("dingtalk",), dingtalk_app="ding0123:a-secret")).address(TRIP)
    assert address.startswith(f"{dingtalk.LOGIN}/oauth2/auth?")
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (asked["client_id"], asked["scope"], asked["state"]) == ("ding0123", "openid", "5eed")
    assert "a-secret" not in address


def test_who_comes_from_wecom(service):
    word = wecom.Voice(config(service)).said(TRIP, {"code": "good"})
    assert (word.place, word.subject, word.label, word.number) == ("ww0123", "ai.li", "Ai.Li", "Ai.Li")
    assert word.proved_at is None


def test_a_token_of_wecom_is_kept_and_asked_for_anew_when_it_ended(service):
    voice = wecom.Voice(config(service))
    voice.said(TRIP, {"code": "good"})
    voice.said(TRIP, {"code": "good"})
    assert service.heard.count("/cgi-bin/gettoken") == 1
    service.token = "token-2"
    assert voice.said(TRIP, {"code": "good"}).subject == "ai.li"
    assert service.heard.count("/cgi-bin/gettoken") == 2


@pytest.mark.parametrize(
    ("query", "refusal"),
    [({}, DeclinedError), ({"code": "stranger"}, DeclinedError), ({"code": "used"}, NotBelievedError)],
)
def test_who_is_nobody_of_the_organ_s_wecom(service, query, refusal):
    with pytest.raises(refusal):
        wecom.Voice(config(service)).said(TRIP, query)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ((200, {"errcode": -1, "errmsg": "system busy"}), UnreachableError),
        ((200, {"errcode": 60020, "errmsg": "not allow to access from your ip"}), NotBelievedError),
        ((200, {"errcode": "?"}), NotBelievedError),
        ((200, {"errcode": 0, "userid": ["ai.li"]}), DeclinedError),
        ((502, {}), UnreachableError),
        ((200, []), UnreachableError),
    ],
)
def test_what_wecom_answers_instead(service, answer, refusal):
    service.ill["/cgi-bin/auth/getuserinfo"] = answer
    with pytest.raises(refusal):
        wecom.Voice(config(service)).said(TRIP, {"code": "good"})


@pytest.mark.parametrize("query", [{"authCode": "good"}, {"code": "good"}])
def test_who_comes_from_dingtalk(service, query):
    word = dingtalk.Voice(config(service)).said(TRIP, query)
    assert (word.place, word.subject, word.label, word.number) == ("ding0123", "z21HjQli", "艾丽", "")


@pytest.mark.parametrize(
    ("query", "ill", "refusal"),
    [
        ({}, {}, DeclinedError),
        ({"authCode": "used"}, {}, NotBelievedError),
        ({"authCode": "good"}, {"/v1.0/contact/users/me": (200, {"nick": "艾丽"})}, NotBelievedError),
        ({"authCode": "good"}, {"/v1.0/contact/users/me": (403, {"code": "Forbidden"})}, NotBelievedError),
        ({"authCode": "good"}, {"/v1.0/oauth2/userAccessToken": (503, {})}, UnreachableError),
        ({"authCode": "good"}, {"/v1.0/oauth2/userAccessToken": (200, {})}, NotBelievedError),
    ],
)
def test_what_dingtalk_answers_instead(service, query, ill, refusal):
    service.ill |= ill
    with pytest.raises(refusal):
        dingtalk.Voice(config(service)).said(TRIP, query)


@pytest.mark.parametrize("voice", [wecom.Voice, dingtalk.Voice])
@pytest.mark.parametrize(
    ("secret", "code", "from_browser"), [("a-secret", "made-up", True), ("another", "good", False)]
)
def test_a_code_that_anybody_makes_up_is_no_fault_of_the_service(service, voice, secret, code, from_browser):
    if voice is dingtalk.Voice and not from_browser:
        service.ill["/v1.0/oauth2/userAccessToken"] = (400, {"code": "invalidClientSecret"})
    with pytest.raises(NotBelievedError) as raised:
        voice(config(service, secret)).said(TRIP, {"code": code})
    assert raised.value.values["from_browser"] == from_browser


@pytest.mark.parametrize("voice", [wecom.Voice, dingtalk.Voice])
def test_the_check_asks_whether_the_application_is_known(service, voice):
    assert voice(config(service)).look()
    with pytest.raises(NotBelievedError):
        voice(config(service, secret="another")).look()

"""What a provider answers that is to be believed, and everything that is not: OpenID Connect Core 1.0, 3.1.3.7."""

import base64
import hmac
import json
import time
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.core.asking import AskError, HttpAnswer
from app.core.settings import Settings
from app.features.sign_in.outside import oidc
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.ways import Trip
from tests.features.sign_in.outside.makers import PLACE

SECRET = "a secret: 100% of thirty-two bytes"
TRIP = Trip(state="a-state", token="a-token", back="https://sanliang.example.org/back")
LINKING = replace(TRIP, is_named=True)
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "two"))
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})
GIVEN = {"iss": PLACE, "aud": "sanliang", "sub": "ai.li"}
METADATA = {
    "issuer": PLACE,
    "authorization_endpoint": f"{PLACE}/auth",
    "token_endpoint": f"{PLACE}/token",
    "jwks_uri": f"{PLACE}/keys",
}


class Provider:
    """Says what a test wants it to."""

    def __init__(self):
        self.metadata, self.keys, self.strange = dict(METADATA), [KEY, CURVE], []
        self.claims = GIVEN | {"exp": time.time() + 300, "iat": time.time(), "nonce": TRIP.part("nonce")}
        self.signs = {"key": KEY, "alg": "RS256"}
        self.tokens, self.userinfo, self.asked = None, {"sub": "ai.li", "name": "艾丽"}, []

    def ask(self, url, *, form=None, said=None, headers=None):
        self.asked.append(SimpleNamespace(url=url, form=form, headers=headers))
        match url.removeprefix(PLACE):
            case "/.well-known/openid-configuration":
                return HttpAnswer(200, self.metadata)
            case "/keys":
                return HttpAnswer(200, {"keys": [*self.strange, *(key.as_dict(private=False) for key in self.keys)]})
            case "/token":
                return self.tokens or HttpAnswer(200, {"id_token": self.token(), "access_token": "an-access-token"})
            case "/userinfo":
                return self.userinfo if isinstance(self.userinfo, HttpAnswer) else HttpAnswer(200, self.userinfo)
        raise AssertionError(url)

    def token(self):
        key = self.signs["key"]
        header = {"alg": self.signs["alg"], "kid": getattr(key, "kid", None) or "one"}
        return jwt.encode(header, self.claims, key, algorithms=["RS256", "HS256", "ES256", "none"])


@pytest.fixture
def config():
    return Settings(sign_in=("oidc",), oidc_issuer=PLACE, oidc_client="sanliang", oidc_secret=SECRET)


@pytest.fixture
def provider(monkeypatch):
    oidc.forget_all()
    provider = Provider()
    monkeypatch.setattr(oidc, "ask", provider.ask)
    yield provider
    oidc.forget_all()


def said(config, trip=TRIP, **query):
    return oidc.Voice(config).said(trip, {"code": "a-code"} | query)


def test_who_it_is(provider, config):
    word = said(config)
    assert (word.place, word.subject, word.label, word.number) == (PLACE, "ai.li", "ai.li", "")
    (token,) = (asked for asked in provider.asked if asked.url.endswith("/token"))
    assert token.form["code_verifier"] == TRIP.part("verifier")
    assert token.headers == {
        "Authorization": "Basic " + base64.b64encode(f"sanliang:{quote(SECRET)}".encode()).decode()
    }
    assert SECRET not in str(token.form)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"iss": "https://login.example.com"}, "another issuer"),
        ({"iss": f"{PLACE}/"}, "nearly the issuer"),
        ({"aud": "another"}, "for another application"),
        ({"aud": ["another"]}, "for others"),
        ({"aud": ["sanliang", "another"]}, "for another application too, and it is not said who asked"),
        ({"aud": ["sanliang", "another"], "azp": "another"}, "asked for by another application"),
        ({"azp": "another"}, "asked for by another application"),
        ({"nonce": "another"}, "of another trip"),
        ({"nonce": None}, "of no trip"),
        ({"exp": 1_600_000_000}, "too old"),
        ({"exp": None}, "for ever"),
        ({"iat": 9_000_000_000}, "of the future"),
        ({"nbf": 9_000_000_000}, "not yet"),
        ({"sub": None}, "of nobody"),
        ({"sub": ""}, "of nobody"),
        ({"sub": "x" * 256}, "longer than a subject is"),
        ({"sub": 7}, "of a number"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "of another access token"),
    ],
)
def test_a_token_that_proves_nothing(provider, config, wrong, why):
    for claim, value in wrong.items():
        provider.claims.pop(claim, None)
        if value is not None:
            provider.claims[claim] = value
    with pytest.raises(NotBelievedError):
        said(config)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (OctKey.import_key(SECRET), "HS256"),
        (OTHER_KEY, "RS256"),
    ],
)
def test_a_token_that_the_provider_has_not_signed(provider, config, key, algorithm):
    provider.signs = {"key": key, "alg": algorithm}
    with pytest.raises(NotBelievedError):
        said(config)


def test_a_public_key_is_no_secret(provider, config):
    """Whoever takes it for one believes everybody."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one"}, provider.claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    seal = base64.urlsafe_b64encode(hmac.digest(KEY.as_pem(private=False), signed, "sha256")).rstrip(b"=")
    provider.tokens = HttpAnswer(200, {"id_token": f"{signed.decode()}.{seal.decode()}"})
    with pytest.raises(NotBelievedError):
        said(config)


@pytest.mark.parametrize("token", ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhaS5saSJ9.", "é"])
def test_a_token_that_is_none(provider, config, token):
    provider.tokens = HttpAnswer(200, {"id_token": token})
    with pytest.raises(NotBelievedError):
        said(config)


def test_another_algorithm_and_a_clock_that_is_off_by_little(provider, config):
    provider.signs = {"key": CURVE, "alg": "ES256"}
    provider.claims |= {"iat": time.time() + 50, "exp": time.time() - 50}
    assert said(config).subject == "ai.li"


def test_a_new_key_is_asked_for_once(provider, config):
    said(config)
    provider.keys, provider.signs = [OTHER_KEY], {"key": OTHER_KEY, "alg": "RS256"}
    said(config)
    said(config)
    assert [asked.url for asked in provider.asked].count(f"{PLACE}/keys") == 2


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"issuer": "https://login.example.com"}, NotBelievedError),
        ({"token_endpoint": "http://login.example.org/token"}, NotBelievedError),
        ({"jwks_uri": "http://127.0.0.1/keys"}, NotBelievedError),
        ({"authorization_endpoint": "javascript:alert(1)"}, NotBelievedError),
        ({"userinfo_endpoint": "ftp://login.example.org/"}, NotBelievedError),
        ({"token_endpoint": 7}, NotBelievedError),
    ],
)
def test_a_provider_that_names_strange_addresses(provider, config, wrong, refusal):
    provider.metadata |= wrong
    with pytest.raises(refusal):
        oidc.Voice(config).address(TRIP)


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ({"error": "access_denied"}, DeclinedError),
        ({"error": "login_required"}, DeclinedError),
        ({"error": "temporarily_unavailable"}, UnreachableError),
        ({"error": "server_error"}, UnreachableError),
        ({"error": "invalid_scope"}, NotBelievedError),
        ({"error": "<script>"}, NotBelievedError),
        ({"code": ""}, NotBelievedError),
        ({"iss": "https://login.example.com"}, NotBelievedError),  # another provider's answer (mix-up)
    ],
)
def test_what_comes_back_with_the_browser(provider, config, query, refusal):
    with pytest.raises(refusal) as raised:
        said(config, **query)
    assert "<" not in raised.value.values["why"]
    assert isinstance(raised.value, DeclinedError) or raised.value.values["from_browser"]


def test_who_promises_to_say_who_answers_has_to(provider, config):
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    with pytest.raises(NotBelievedError):
        said(config)
    assert said(config, iss=PLACE).subject == "ai.li"


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (HttpAnswer(400, {"error": "invalid_grant"}), NotBelievedError),
        (HttpAnswer(401, {}), NotBelievedError),
        (HttpAnswer(500, {}), UnreachableError),
    ],
)
def test_a_code_that_is_not_taken(provider, config, answer, refusal):
    provider.tokens = answer
    with pytest.raises(refusal):
        said(config)


@pytest.mark.parametrize(
    ("claims", "number"),
    [
        ({"employee_number": "T-0815"}, "T-0815"),
        ({"employee_number": 815}, "815"),
        ({"employee_number": True}, ""),
        ({}, ""),
    ],
)
def test_the_claim_with_the_number(provider, config, claims, number):
    provider.metadata["userinfo_endpoint"] = f"{PLACE}/userinfo"
    provider.userinfo |= claims
    believing = config.model_copy(update={"sign_in_by_number": ("oidc",)})
    assert (said(believing).number, said(believing).label) == (number, "艾丽")


def test_more_is_asked_for_only_where_it_is_shown_or_believed(provider, config):
    provider.metadata["userinfo_endpoint"] = f"{PLACE}/userinfo"
    assert said(config).label == "ai.li"
    assert f"{PLACE}/userinfo" not in [asked.url for asked in provider.asked]
    assert said(config, LINKING).label == "艾丽"


@pytest.mark.parametrize("status", [401, 500])
def test_without_more_about_the_person_it_goes_on(provider, config, status):
    provider.metadata["userinfo_endpoint"] = f"{PLACE}/userinfo"
    provider.userinfo = HttpAnswer(status, {})
    assert said(config, LINKING).label == "ai.li"


def test_userinfo_of_somebody_else(provider, config):
    provider.metadata["userinfo_endpoint"] = f"{PLACE}/userinfo"
    provider.userinfo["sub"] = "bao.bo"
    with pytest.raises(NotBelievedError):
        said(config, LINKING)


@pytest.mark.parametrize(
    "strange",
    [{"kty": "EC", "crv": "SM2", "x": "AQ", "y": "AQ"}, {"kty": "RSA"}, {"kty": "OKP", "crv": 7}, "key", None],
)
def test_a_key_that_nobody_here_can_read_stands_in_no_other_s_way(provider, config, strange):
    provider.strange = [strange]
    assert said(config).subject == "ai.li"


@pytest.mark.parametrize("keys", [[], {"kid": "one"}, None, 7])
def test_keys_that_are_none_open_nothing(provider, config, monkeypatch, keys):
    def ask(url, **more):
        return HttpAnswer(200, {"keys": keys}) if url.endswith("/keys") else provider.ask(url, **more)

    monkeypatch.setattr(oidc, "ask", ask)
    with pytest.raises(NotBelievedError):
        said(config)
    with pytest.raises(NotBelievedError):
        oidc.Voice(config).look()


@pytest.mark.parametrize("moment", [1e20, 1_700_000_000_000, -1e20, None])
def test_a_moment_that_is_none_proves_nothing(provider, config, moment):
    """Of milliseconds, for example."""
    provider.claims["auth_time"] = moment
    assert said(config).proved_at is None


def test_a_secret_that_cannot_be_read_is_said_by_the_check_and_breaks_no_page(provider, config, tmp_path):
    config = config.model_copy(update={"oidc_secret_file": tmp_path / "nowhere"})
    for ask in (oidc.Voice(config).look, lambda: said(config)):
        with pytest.raises(UnreachableError) as raised:
            ask()
        assert "SANLIANG_OIDC_SECRET_FILE" in raised.value.values["why"]


def test_what_was_found_out_serves_while_the_provider_is_away(provider, config, monkeypatch):
    oidc.Voice(config).address(TRIP)
    monkeypatch.setattr(oidc, "KEPT_S", 0.0)

    def away(*_asked, **_more):
        raise AskError("timeout")

    monkeypatch.setattr(oidc, "ask", away)
    assert oidc.Voice(config).address(TRIP).startswith(f"{PLACE}/auth?")
    oidc.forget_all()
    with pytest.raises(UnreachableError):
        oidc.Voice(config).address(TRIP)


def test_a_client_without_a_secret_says_its_name(provider, config):
    said(config.model_copy(update={"oidc_secret": ""}))
    (token,) = (asked for asked in provider.asked if asked.url.endswith("/token"))
    assert (token.form["client_id"], token.headers) == ("sanliang", {})


def test_a_provider_that_wants_the_secret_in_the_form(provider, config):
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    said(config)
    (token,) = (asked for asked in provider.asked if asked.url.endswith("/token"))
    assert (token.form["client_secret"], token.headers) == (SECRET, {})


@pytest.mark.parametrize(
    "issuer",
    ["http://login.example.org", "login.example.org", "https://", "https://login.example.org/?a=b", "ftp://x/"],
)
def test_an_issuer_is_encrypted_or_on_this_machine(issuer):
    with pytest.raises(ValueError, match="provider's own name"):
        Settings(oidc_issuer=issuer)
    assert Settings(oidc_issuer="http://127.0.0.1:3000").oidc_issuer


def test_a_service_of_one_s_own_is_encrypted_or_on_this_machine():
    with pytest.raises(ValueError, match="https://"):
        Settings(sign_in=("wecom=http://wecom.example.org",))
    assert Settings(sign_in=("wecom=http://127.0.0.1:3000", "dingtalk=https://dingtalk.example.org")).sign_in


def test_the_secret_stands_in_a_file_and_is_not_shown(tmp_path):
    file = tmp_path / "secret"
    file.write_text("of the file\n")
    config = Settings(oidc_secret="of the setting", oidc_secret_file=file)
    assert config.oidc_client_secret == "of the file"
    assert "of the setting" not in repr(config)

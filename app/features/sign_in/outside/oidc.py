"""OpenID Connect: code with PKCE, state and nonce; keys and metadata are found out and found out again.

OpenID Connect Core 1.0 (3.1), Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (who has answered).
"""

import base64
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, KeySet

from app.core import clock
from app.core.asking import AskError, HttpAnswer, ask
from app.core.i18n import gettext as _
from app.core.settings import THIS_MACHINE, Settings
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, OutsideError, UnreachableError
from app.features.sign_in.outside.rules import CLOCKS_DIFFER_S, OutsideIdentity, Way, kept_label
from app.features.sign_in.outside.ways import Trip

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of signatures that are believed: none without a key, none with a secret that we know as well."""
KEPT_S: Final = 3600.0
"""How long metadata and keys are good before they are asked for anew; an unknown key is asked for at once."""
NAMES: Final = ("name", "preferred_username", "nickname", "email")
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_DECLINED: Final = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
_AWAY: Final = frozenset({"server_error", "temporarily_unavailable"})
_CODE: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(slots=True)
class _Known:
    """What a provider has said of itself."""

    metadata: Mapping[str, Any]
    keys: Mapping[str, Any]
    at: float


_known: dict[str, _Known] = {}


def forget_all() -> None:
    """Ask every provider anew."""
    _known.clear()


class Voice:
    """The organ's provider."""

    def __init__(self, config: Settings) -> None:
        self._config, self._issuer = config, config.oidc_issuer
        self._named = config.oidc_name or str(Way.OIDC.label)

    def address(self, trip: Trip) -> str:
        """See ``Reader``."""
        proof = {"prompt": "login", "max_age": "0"} if trip.proves else {}
        return str(
            prepare_grant_uri(
                self._metadata()["authorization_endpoint"],
                self._config.oidc_client,
                "code",
                redirect_uri=trip.back,
                scope=self._config.oidc_scope,
                state=trip.state,
                nonce=trip.part("nonce"),
                code_challenge=create_s256_code_challenge(trip.part("verifier")),
                code_challenge_method="S256",
                **proof,
            )
        )

    def said(self, trip: Trip, query: Mapping[str, str]) -> OutsideIdentity:
        """See ``Reader``."""
        metadata = self._metadata()
        answered_by = query.get("iss")
        if answered_by != self._issuer and (
            answered_by or metadata.get("authorization_response_iss_parameter_supported") is True
        ):
            raise self._not_believed("answered by another issuer", from_browser=True)
        if error := query.get("error"):
            raise self._refused(error)
        if not query.get("code"):
            raise self._not_believed("no code", from_browser=True)
        tokens = self._tokens(metadata, trip, query["code"])
        claims = self._proved(tokens, nonce=trip.part("nonce"), proves=trip.proves)
        claims = {**self._userinfo(metadata, claims, tokens, is_named=trip.is_named), **claims}
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise self._not_believed("no subject")
        called = next((claims[name] for name in NAMES if isinstance(claims.get(name), str)), "")
        number = claims.get(self._config.oidc_number_claim)
        return OutsideIdentity(
            way=Way.OIDC,
            place=self._issuer,
            subject=subject,
            label=kept_label(called, subject),
            number=str(number) if isinstance(number, str | int) and not isinstance(number, bool) else "",
            proved_at=_moment(claims.get("auth_time")),
        )

    def look(self) -> list[str]:
        """See ``Reader``."""
        _known.pop(self._issuer, None)
        metadata, claim = self._metadata(), self._config.oidc_number_claim
        self._secret()
        if not list(self._keys()):
            raise self._not_believed("it has no key that signs")
        said = [_("the provider answers, and has keys.")]
        claims = metadata.get("claims_supported")
        if self._config.believes(Way.OIDC.value) and isinstance(claims, list) and claim not in claims:
            sentence = _("it does not say that it knows the claim %(claim)s: perhaps no account opens by number.")
            said.append(sentence % {"claim": claim})
        if "S256" not in (metadata.get("code_challenge_methods_supported") or ["S256"]):
            said.append(_("it does not know PKCE with S256, which is asked for."))
        return said

    def _metadata(self) -> Mapping[str, Any]:
        known = _known.get(self._issuer)
        if known and time.monotonic() - known.at < KEPT_S:
            return known.metadata
        try:
            known = self._found()
        except UnreachableError:
            if known is None:
                raise
        _known[self._issuer] = known
        return known.metadata

    def _found(self) -> _Known:
        metadata = self._asked(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if metadata.get("issuer") != self._issuer:
            raise self._not_believed(f"it calls itself {str(metadata.get('issuer'))[:200]}")
        places = [metadata.get(name) for name in (*_NEEDED, "userinfo_endpoint") if name in metadata]
        if any(name not in metadata for name in _NEEDED) or not all(map(self._may_be_asked, places)):
            raise self._not_believed("it names an address that is not encrypted, or not all that are needed")
        return _Known(metadata, self._asked(metadata["jwks_uri"]), time.monotonic())

    def _may_be_asked(self, place: object) -> bool:
        """Encrypted, or, where the provider itself is on this machine, there."""
        parts = urlsplit(place) if isinstance(place, str) else urlsplit("")
        is_here = parts.scheme == "http" and parts.hostname in THIS_MACHINE and self._issuer.startswith("http://")
        return bool(parts.hostname) and (parts.scheme == "https" or is_here)

    def _asked(self, url: str, **more: Any) -> Mapping[str, Any]:
        answer = self._answer(url, **more)
        if answer.status != 200:
            raise UnreachableError(way=self._named, why=f"HTTP {answer.status}")
        return answer.body

    def _answer(self, url: str, **more: Any) -> HttpAnswer:
        try:
            return ask(url, **more)
        except AskError as error:
            raise UnreachableError(way=self._named, why=str(error)) from None

    def _tokens(self, metadata: Mapping[str, Any], trip: Trip, code: str) -> Mapping[str, Any]:
        client, secret = self._config.oidc_client, self._secret()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": trip.back,
            "code_verifier": trip.part("verifier"),
        }
        headers = {}
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not secret:
            form["client_id"] = client
        elif "client_secret_basic" in methods:
            said = f"{quote(client, safe='')}:{quote(secret, safe='')}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(said).decode()
        else:
            form |= {"client_id": client, "client_secret": secret}
        answer = self._answer(metadata["token_endpoint"], form=form, headers=headers)
        if answer.status >= 500:
            raise UnreachableError(way=self._named, why=f"HTTP {answer.status}")
        if answer.status != 200:
            word = _word(answer.body.get("error"))
            raise self._not_believed(f"token: {word}", from_browser=word == "invalid_grant")
        return answer.body

    def _secret(self) -> str:
        try:
            return self._config.oidc_client_secret
        except (OSError, ValueError) as error:
            raise UnreachableError(way=self._named, why=f"SANLIANG_OIDC_SECRET_FILE: {error}") from None

    def _proved(self, tokens: Mapping[str, Any], *, nonce: str, proves: bool) -> Mapping[str, Any]:
        """The claims of an identity that this provider has signed, for us, now and for this trip."""
        try:
            token = self._opened(str(tokens.get("id_token", "")))
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._config.oidc_client},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._config.oidc_client,
                    "access_token": tokens.get("access_token"),
                    "max_age": proves,
                },
            )
            claims.validate(now=int(clock.now().timestamp()), leeway=CLOCKS_DIFFER_S)
        except (JoseError, ValueError, TypeError) as error:
            raise self._not_believed(f"identity: {type(error).__name__}") from None
        return dict(claims)

    def _opened(self, signed: str) -> Any:
        """The token, if a key of the provider has signed it: keys are asked for once more when none has."""
        try:
            return jwt.decode(signed, self._keys(), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, BadSignatureError):
            known = _known[self._issuer]
            known.keys = self._asked(known.metadata["jwks_uri"])
        return jwt.decode(signed, self._keys(), algorithms=ALGORITHMS)

    def _keys(self) -> Any:
        """Those that sign; one that nobody here can read stands in no other's way."""
        keys = _known[self._issuer].keys.get("keys")
        return KeySet([key for one in (keys if isinstance(keys, list) else []) if (key := _key(one))])

    def _userinfo(
        self, metadata: Mapping[str, Any], claims: Mapping[str, Any], tokens: Mapping[str, Any], *, is_named: bool
    ) -> Mapping[str, Any]:
        """What else the provider says of the person, where the token does not say all that is wanted; or nothing."""
        wanted = {self._config.oidc_number_claim} if self._config.believes(Way.OIDC.value) else set()
        if is_named:
            wanted.add("name")
        place = metadata.get("userinfo_endpoint")
        if not place or wanted <= claims.keys():
            return {}
        try:
            found = self._asked(place, headers={"Authorization": f"Bearer {tokens.get('access_token', '')}"})
        except UnreachableError:
            return {}
        if found.get("sub") != claims["sub"]:
            raise self._not_believed("userinfo of somebody else")
        return {name: value for name, value in found.items() if name in (*NAMES, self._config.oidc_number_claim)}

    def _refused(self, error: str) -> OutsideError:
        word = _word(error)
        if word in _DECLINED:
            return DeclinedError(way=self._named, why=word)
        if word in _AWAY:
            return UnreachableError(way=self._named, why=word, from_browser=True)
        return self._not_believed(word, from_browser=True)

    def _not_believed(self, why: str, *, from_browser: bool = False) -> NotBelievedError:
        return NotBelievedError(way=self._named, why=why, from_browser=from_browser)


def _key(said: object) -> Any:
    """A key that can sign, if it is one."""
    if not isinstance(said, dict) or said.get("kty") not in _KINDS or said.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(said)
    except (JoseError, ValueError, KeyError, TypeError):
        return None


def _moment(said: object) -> datetime | None:
    """The moment, if it is one: in seconds."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        return datetime.fromtimestamp(said, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _word(said: object) -> str:
    """An error's code, if it is one: what comes from outside goes into no log as it is."""
    return said if isinstance(said, str) and _CODE.fullmatch(said) else "?"

"""DingTalk (钉钉): the organ's own application, by OAuth 2.

open.dingtalk.com/document: sign-in to other sites (login.dingtalk.com/oauth2/auth), the token of a user
(POST /v1.0/oauth2/userAccessToken), the user's own data (GET /v1.0/contact/users/me). The ``unionId`` is the person's
for all applications of the organ. It says no member number, so an account is linked by the person alone.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from app.core.asking import AskError, ask
from app.core.i18n import gettext as _
from app.core.settings import Settings
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.rules import OutsideIdentity, Way, kept_label
from app.features.sign_in.outside.ways import Trip

LOGIN: Final = "https://login.dingtalk.com"
API: Final = "https://api.dingtalk.com"


class Voice:
    """The organ's DingTalk."""

    def __init__(self, config: Settings) -> None:
        self._client, _colon, self._secret = config.dingtalk_app.partition(":")
        own = config.sign_in_at(Way.DINGTALK.value)
        self._login, self._api = own or LOGIN, own or API
        self._named = str(Way.DINGTALK.label)

    def address(self, trip: Trip) -> str:
        """See ``Reader``."""
        asked = {
            "redirect_uri": trip.back,
            "response_type": "code",
            "client_id": self._client,
            "scope": "openid",
            "state": trip.state,
            "prompt": "consent",
        }
        return f"{self._login}/oauth2/auth?{urlencode(asked)}"

    def said(self, trip: Trip, query: Mapping[str, str]) -> OutsideIdentity:
        """See ``Reader``."""
        code = query.get("authCode") or query.get("code")
        if not code:
            raise DeclinedError(way=self._named, why="no code")
        asked = {
            "clientId": self._client,
            "clientSecret": self._secret,
            "code": code,
            "grantType": "authorization_code",
        }
        token = self._asked("oauth2/userAccessToken", said=asked).get("accessToken")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise NotBelievedError(way=self._named, why="no token")
        who = self._asked("contact/users/me", headers={"x-acs-dingtalk-access-token": token})
        person, called = who.get("unionId"), who.get("nick")
        if not isinstance(person, str) or not 0 < len(person) <= 255:
            raise NotBelievedError(way=self._named, why="no unionId")
        return OutsideIdentity(
            Way.DINGTALK, self._client, person, kept_label(called if isinstance(called, str) else "", person)
        )

    def look(self) -> list[str]:
        """See ``Reader``."""
        asked = {"appKey": self._client, "appSecret": self._secret}
        self._asked("oauth2/accessToken", said=asked)
        return [_("the service knows the application.")]

    def _asked(self, what: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = ask(f"{self._api}/v1.0/{what}", **more)
        except AskError as error:
            raise UnreachableError(way=self._named, why=str(error)) from None
        if answer.status >= 500 or answer.status == 429:
            raise UnreachableError(way=self._named, why=f"HTTP {answer.status}")
        if answer.status != 200:
            is_code = str(answer.body.get("code")).startswith("invalidParameter.authCode")
            raise NotBelievedError(way=self._named, why=f"HTTP {answer.status}", from_browser=is_code)
        return answer.body

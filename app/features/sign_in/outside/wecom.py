"""WeCom (企业微信): the organ's own application, by its picture code at a desk and at once within the app.

developer.work.weixin.qq.com/document: web sign-in (wwlogin/sso/login), web authorisation (connect/oauth2/authorize),
the token (gettoken) and who has come (auth/getuserinfo). The account's name is unique in the corporation and does not
tell small letters from capitals.
"""

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from app.core.asking import AskError, ask
from app.core.i18n import gettext as _
from app.core.settings import Settings
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.rules import OutsideIdentity, Way, kept_label
from app.features.sign_in.outside.ways import Trip

LOGIN: Final = "https://login.work.weixin.qq.com"
WITHIN: Final = "https://open.weixin.qq.com"
API: Final = "https://qyapi.weixin.qq.com"
EARLIER_S: Final = 300.0
"""A token is asked for anew before it ends."""
_ENDED: Final = frozenset({40014, 42001})
"""Codes with which the service says that the token is not, or no more, good."""
_STRANGE_CODES: Final = frozenset({40029, 40163, 42003})
"""With which it says that the code which the browser has brought is not, or no more, good."""
_AWAY: Final = frozenset({-1, 45009})
_tokens: dict[str, tuple[str, float]] = {}


class Voice:
    """The organ's WeCom."""

    def __init__(self, config: Settings) -> None:
        app, _at, self._agent = config.wecom_app.partition("@")
        self._corporation, _colon, self._secret = app.partition(":")
        own = config.sign_in_at(Way.WECOM.value)
        self._login, self._within, self._api = own or LOGIN, own or WITHIN, own or API
        self._named = str(Way.WECOM.label)

    def address(self, trip: Trip) -> str:
        """See ``Reader``."""
        asked = {"appid": self._corporation, "agentid": self._agent, "redirect_uri": trip.back, "state": trip.state}
        if "wxwork" in trip.browser.lower():
            asked |= {"response_type": "code", "scope": "snsapi_base"}
            return f"{self._within}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"
        return f"{self._login}/wwlogin/sso/login?{urlencode({'login_type': 'CorpApp', **asked})}"

    def said(self, trip: Trip, query: Mapping[str, str]) -> OutsideIdentity:
        """See ``Reader``."""
        if not query.get("code"):
            raise DeclinedError(way=self._named, why="no code")
        who = self._asked("auth/getuserinfo", code=query["code"])
        account = who.get("userid")
        if not isinstance(account, str) or not 0 < len(account) <= 64:
            raise DeclinedError(way=self._named, why="not of this corporation")
        return OutsideIdentity(Way.WECOM, self._corporation, account.lower(), kept_label("", account), account)

    def look(self) -> list[str]:
        """See ``Reader``."""
        _tokens.pop(self._secret, None)
        self._token()
        return [_("the service knows the application.")]

    def _asked(self, what: str, **asked: str) -> Mapping[str, Any]:
        answer = self._answer(what, access_token=self._token(), **asked)
        if answer.get("errcode") in _ENDED:
            _tokens.pop(self._secret, None)
            answer = self._answer(what, access_token=self._token(), **asked)
        self._check(answer)
        return answer

    def _token(self) -> str:
        token, until = _tokens.get(self._secret, ("", 0.0))
        if time.monotonic() < until:
            return token
        answer = self._answer("gettoken", corpid=self._corporation, corpsecret=self._secret)
        self._check(answer)
        match answer:
            case {"access_token": str(given), "expires_in": int(lasts)}:
                _tokens[self._secret] = given, time.monotonic() + lasts - EARLIER_S
                return given
        raise NotBelievedError(way=self._named, why="no token")

    def _answer(self, what: str, **asked: str) -> Mapping[str, Any]:
        try:
            answer = ask(f"{self._api}/cgi-bin/{what}?{urlencode(asked)}")
        except AskError as error:
            raise UnreachableError(way=self._named, why=str(error)) from None
        if answer.status != 200:
            raise UnreachableError(way=self._named, why=f"HTTP {answer.status}")
        return answer.body

    def _check(self, answer: Mapping[str, Any]) -> None:
        code = answer.get("errcode", 0)
        if code in _AWAY:
            raise UnreachableError(way=self._named, why=f"errcode {code}")
        if code != 0:
            why = f"errcode {code if isinstance(code, int) else '?'}"
            raise NotBelievedError(way=self._named, why=why, from_browser=code in _STRANGE_CODES)

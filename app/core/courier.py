"""Carries one notice after another out of the house: ``python -m app.core.courier``.

A process of its own, because what it needs is large, talks to strangers and may hang: the house stays lean, and ends it
by its deadline. An order is a line of JSON on the standard input, an answer is one on the standard output. It knows
nothing of the house, and logs nothing: orders hold addresses and secrets.

The libraries say only whether it worked. ``OutgoingSession`` is the one way out of this process: it keeps what the
service has answered, and sees to it that nothing is redirected.
"""

import base64
import hashlib
import hmac
import json
import logging
import smtplib
import sys
import time
from contextlib import suppress
from email.message import EmailMessage
from typing import Any, ClassVar, Final
from urllib.parse import quote, unquote, urlsplit

import requests
from apprise import AppriseAsset, PersistentStoreMode
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.vapid import NotifyVapid
from apprise.plugins.wechat import NotifyWeChat
from apprise.plugins.wecombot import NotifyWeComBot
from urllib3.exceptions import NewConnectionError

Told = tuple[str, str, int]
"""An answer (``taken``, ``no_such_address``, ``refused``, ``unreachable``, ``unknown``), what the service said of it,
and the seconds for which it wants to be left alone."""
Order = dict[str, Any]
CONNECT_S: Final = 5
READ_S: Final = 10
A_DAY_S: Final = 86_400
_TAKEN: Final = {200, 201, 202, 204}
_GONE: Final = {404, 410}
_MAYBE_TAKEN: Final = {502, 504}
_KEPT_OUT: Final = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
)
_BUSY: Final = {"wecom": {45009, -1}, "wecom_robot": {45009, -1}, "dingtalk": {130101, -1}, "feishu": {11232, 9499}}
"""Codes with which a service says "later", or that it is at fault itself."""
_STRANGE: Final = {"wecom": {40003, 60111, 81013}}
"""Codes with which the organ's application says that it knows no such person. Whatever else it says is about the
application; whatever a person's own robot says is about the robot."""


class OutgoingSession(requests.Session):  # type: ignore[misc] # its types are not read
    """Everything that leaves by HTTP leaves here."""

    told: ClassVar[Told] = ("unreachable", "", 0)
    kind: ClassVar[str] = ""

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Ask, follow nowhere, and keep what was answered."""
        is_message = not urlsplit(url).path.endswith("/gettoken")
        options |= {"allow_redirects": False, "timeout": (CONNECT_S, READ_S), "verify": None}
        try:
            response = super().request(method, url, **options)
        except requests.RequestException as error:
            OutgoingSession.told = (
                "unknown" if is_message and not _was_kept_out(error) else "unreachable",
                _named(error),
                0,
            )
            raise
        OutgoingSession.told = _said(response, OutgoingSession.kind)
        return response


def _was_kept_out(error: requests.RequestException) -> bool:
    """Whether it certainly never arrived: nobody was there, or whoever was there proved to be somebody else."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, _KEPT_OUT) or isinstance(reason, NewConnectionError)


def _named(error: Exception) -> str:
    return type(error).__name__[:40]


def _said(response: Any, kind: str) -> Told:
    later = response.headers.get("Retry-After", "")
    wait = min(int(later), A_DAY_S) if later.isdecimal() else 0
    status = response.status_code
    if status not in _TAKEN:
        known = "no_such_address" if kind == "push" and status in _GONE else "refused"
        return "unknown" if status in _MAYBE_TAKEN else known, f"HTTP {status}", wait
    if kind == "push":
        return "taken", f"HTTP {status}", 0
    try:
        body = response.json()
        code = int(body.get("errcode", body.get("code")))
    except (ValueError, TypeError, AttributeError):
        return "refused", "no answer of this service", 0  # a page of a proxy, say
    if code == 0:
        return ("no_such_address", "invaliduser", 0) if body.get("invaliduser") else ("taken", "", 0)
    if code in _BUSY[kind] or (kind in _STRANGE and code not in _STRANGE[kind]):
        return "refused", f"code {code}", wait
    return "no_such_address", f"code {code}", 0


class SignedDingTalk(NotifyDingTalk):  # type: ignore[misc] # its types are not read
    """The library quotes the signature, and then its address once more; DingTalk reads it once."""

    def get_signature(self) -> tuple[str, str]:
        """The moment and the signature, not yet quoted."""
        moment, signature = super().get_signature()
        return moment, unquote(signature)


class SignedFeishu(NotifyFeishu):  # type: ignore[misc] # its types are not read
    """The library does not sign. Feishu: HMAC-SHA256 of nothing, under the second and the secret."""

    secret = ""

    def send(self, body: str, **_options: Any) -> bool:
        """Post the text with its signature."""
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": body}}
        if self.secret:
            moment = str(int(time.time()))
            digest = hmac.new(f"{moment}\n{self.secret}".encode(), b"", hashlib.sha256).digest()
            payload |= {"timestamp": moment, "sign": base64.b64encode(digest).decode()}
        with OutgoingSession() as line:
            return line.post(self.notify_url.format(token=self.token).rstrip("/"), json=payload).ok is True


class PatientPush(NotifyVapid):  # type: ignore[misc] # its types are not read
    """The library lets a push service keep a message for a minute; a phone may be off until tomorrow."""

    template_args = NotifyVapid.template_args | {"ttl": NotifyVapid.template_args["ttl"] | {"max": A_DAY_S}}


class Courier:
    """Carries orders; keeps the organ's application, which has signed in, for the next one."""

    def __init__(self) -> None:
        asset = AppriseAsset(app_id="Sanliang", storage_mode=PersistentStoreMode.MEMORY, http_redirects=False)
        self._common = {"asset": asset}
        self._application: Any = None

    def carry(self, order: Order) -> Told:
        """Carry one; gives what was answered."""
        OutgoingSession.told, OutgoingSession.kind = ("refused", "not sent", 0), order["kind"]
        if order["kind"] == "mail":
            return _mailed(order)
        service = self._service(order)
        service.request_rate_per_sec = 0
        with suppress(requests.RequestException):  # ``OutgoingSession`` has kept what it was
            service.notify(body=order["text"], title="")
        return OutgoingSession.told

    def _service(self, order: Order) -> Any:
        match order["kind"]:
            case "push":
                return self._browser(order)
            case "wecom":
                return self._person_in_wecom(order)
            case "wecom_robot":
                robot = NotifyWeComBot(key=order["to"], **self._common)
                robot.api_url = _at(robot.api_url, order)
            case "dingtalk":
                robot = SignedDingTalk(token=order["to"], secret=order["secret"] or None, **self._common)
                robot.notify_url = _at(robot.notify_url, order)
            case _:
                robot = SignedFeishu(token=order["to"], **self._common)
                robot.secret, robot.notify_url = order["secret"], _at(robot.notify_url, order)
        return robot

    def _person_in_wecom(self, order: Order) -> Any:
        if self._application is None:
            corporation, _colon, rest = order["application"].partition(":")
            secret, _at_sign, agent = rest.rpartition("@")
            app = NotifyWeChat(corpid=corporation, corpsecret=secret, agentid=agent, **self._common)
            app.token_url, app.notify_url = _at(app.token_url, order), _at(app.notify_url, order)
            self._application = app
        self._application.users = [order["to"]]
        return self._application

    def _browser(self, order: Order) -> Any:
        browser = PatientPush(
            subscriber=order["sender"], targets=["it"], keyfile=f"file://{quote(order['key_file'])}", ttl=A_DAY_S,
            **self._common,
        )  # fmt: skip
        browser.subscriptions.add(json.loads(order["to"]), name="it")
        return browser


def _at(url: str, order: Order) -> str:
    """The same address on the installation's own server, where it has one."""
    public = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    return url.replace(public, order["host"], 1) if order["host"] else url


def _mailed(order: Order) -> Told:
    from app.core import mail  # noqa: PLC0415 (the settings are half a second that only this needs)

    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = order["subject"], order["sender"], order["to"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(order["text"])
    try:
        mail.send(order["server"], message)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()), (0,))[0]
        return "refused" if 400 <= code < 500 else "no_such_address", f"SMTP {code}", 0
    except smtplib.SMTPResponseException as error:
        return "refused", f"SMTP {error.smtp_code}", 0
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        return "unknown", _named(error), 0
    except (OSError, ValueError) as error:
        return ("refused" if isinstance(error, smtplib.SMTPException) else "unreachable"), _named(error), 0
    return "taken", "", 0


def main() -> None:
    """Carry each line of the standard input."""
    logging.disable(logging.CRITICAL)
    requests.sessions.Session = OutgoingSession
    courier = Courier()
    for line in sys.stdin:
        answer = courier.carry(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""The courier as the house sees it: an order in, a verdict out, and an end by the clock whatever it does."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

from app.core import built
from app.core.i18n import translations
from app.core.settings import PROJECT_DIR, Settings
from app.features.outward import push_key
from app.features.outward.rules import SAID, SUBJECT, ChannelKind, Delivered, Purpose, ServiceAnswer

Order = dict[str, Any]
PATIENCE_S: Final = 40.0
"""How long one notice may take, in seconds; the first one of a courier also waits for it to start."""
_PROGRAM: Final = (sys.executable, "-m", "app.core.courier")


def hosts(config: Settings) -> Mapping[ChannelKind, str]:
    """The ways that the installation has named, and where their service is if it is one's own."""
    named = (name.partition("=") for name in config.notices)
    return {ChannelKind(kind): host for kind, _is, host in named}


def missing(config: Settings, kind: ChannelKind) -> str:
    """The setting or command without which a way that was named cannot be taken; empty: it can."""
    match kind:
        case ChannelKind.MAIL if not config.mail_server:
            return "SANLIANG_MAIL_SERVER"
        case ChannelKind.WECOM if not config.wecom_app:
            return "SANLIANG_WECOM_APP"
        case ChannelKind.PUSH if not push_key.public_key(config.push_key_file):
            return "sanliang notices new-key"
    return ""


def ways(config: Settings) -> list[ChannelKind]:
    """Those that can be taken, in the order of their enumeration."""
    named = hosts(config)
    return [kind for kind in ChannelKind if kind in named and not missing(config, kind)]


def order(config: Settings, kind: ChannelKind, held: Mapping[str, str], purpose: Purpose, language: str) -> Order:
    """What the courier gets: the fixed words in the person's language, and whatever the way needs."""
    say = translations(language).gettext
    text = say(SAID[purpose].message) % {"code": held.get("code", "")}
    if kind is ChannelKind.PUSH:
        text = json.dumps({"title": say("Sanliang"), "body": text, "icon": built.asset("icon-192.png")})
    elif config.public_url:
        text += f"\n{config.public_url.rstrip('/')}/"
    host = urlsplit(config.public_url).hostname or "localhost.invalid"
    return {
        "kind": kind,
        "to": held["to"],
        "secret": held.get("secret", ""),
        "text": text,
        "subject": say(SUBJECT.message),
        "host": "" if kind is ChannelKind.PUSH else hosts(config)[kind],
        "application": config.wecom_app,
        "key_file": str(config.push_key_file.absolute()),
        "server": config.mail_server,
        "sender": config.mail_from or next(iter(config.heads_mail), f"sanliang@{host}"),
    }


@contextmanager
def courier(patience: float = PATIENCE_S) -> Iterator[Callable[[Order], Delivered]]:
    """Somebody who carries one order after another, at most ``patience`` seconds each.

    The process starts with the first one and ends with the block. Carrying never raises: what nobody answered is
    unknown, and so is what broke on the way.
    """
    held: list[_Process] = []

    def carry(order: Order) -> Delivered:
        if not held:
            held.append(_Process())
        verdict = held[0].carry(order, patience)
        if verdict is None:
            held.pop().end()
        return verdict or Delivered(ServiceAnswer.UNKNOWN, "no answer in time")

    try:
        yield carry
    finally:
        for process in held:
            process.end()


class _Process:
    """A courier at work."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603
            _PROGRAM, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", cwd=PROJECT_DIR
        )
        self._answers: Queue[str] = Queue()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def carry(self, order: Order, patience: float) -> Delivered | None:
        """What was answered; ``None``: nothing, and never will be."""
        assert self._process.stdin  # noqa: S101 (it was asked for)
        with suppress(OSError, Empty):
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            if line := self._answers.get(timeout=patience):
                answer, detail, seconds = json.loads(line)
                return Delivered(ServiceAnswer(answer), detail, timedelta(seconds=seconds))
        return None

    def end(self) -> None:
        """Whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # a line that nobody reads any more
                if stream:
                    stream.close()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._answers.put(line)
        self._answers.put("")

"""Which ways in this installation has, what they are called, and who reads what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Protocol

from app.core.settings import Settings
from app.features.sign_in.outside.rules import OutsideIdentity, Way, part_of


def _nothing(_name: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Trip:
    """One way out and back."""

    state: str
    token: str = field(repr=False)
    """What the browser alone has."""
    back: str
    """The address of ours to come back to."""
    proves: bool = False
    """Whether the person has to prove itself anew there."""
    browser: str = ""
    """What the browser says of itself."""
    headers: Callable[[str], Sequence[str]] = field(default=_nothing, repr=False)
    """What stood in a header on the way back, as often as it stood there."""
    peer: str = ""
    """The address that has brought the way back to us."""

    is_named: bool = False
    """Whether it is shown what the person is called there."""

    def part(self, what: str) -> str:
        """A secret of this trip, see ``rules.part_of``."""
        return part_of(self.token, self.state, what)


class Reader(Protocol):
    """One way: it asks outside and believes nobody without proof."""

    def address(self, trip: Trip) -> str:
        """Where the browser is sent.

        Raises:
            OutsideError: nobody is there to say.
        """

    def look(self) -> list[str]:
        """What is found there now, a line each, for whoever sets it up.

        Raises:
            OutsideError: it is not there, or is another one.
        """

    def said(self, trip: Trip, query: Mapping[str, str]) -> OutsideIdentity:
        """Who it is, by what the browser has brought back.

        Raises:
            OutsideError: nobody answers, the person declined, or it proves nothing.
        """


_NEEDED: Final = {
    Way.OIDC: ("oidc_issuer", "oidc_client"),
    Way.WECOM: ("wecom_app",),
    Way.DINGTALK: ("dingtalk_app",),
    Way.GATEWAY: ("gateway_header", "gateway_secret"),
}


def missing(way: Way, config: Settings) -> str:
    """The setting that is still to be made for ``way``; empty: none."""
    needed = _NEEDED[way]
    return next((f"SANLIANG_{name.upper()}" for name in needed if not getattr(config, name)), "")


def named(config: Settings) -> list[Way]:
    """The ways that somebody has named, whether or not they are set up."""
    return [Way(name.partition("=")[0]) for name in config.sign_in]


def ways(config: Settings) -> list[Way]:
    """The ways that are open, in the order of their buttons."""
    return [way for way in named(config) if not missing(way, config)]


def called(way: Way, config: Settings) -> str:
    """What people call it."""
    return config.oidc_name if way is Way.OIDC and config.oidc_name else str(way.label)


def can_prove(way: Way) -> bool:
    """Whether people can be asked there to prove themselves anew, and it is said that they have."""
    return way is Way.OIDC


def reader(way: Way, config: Settings) -> Reader:
    """Who asks there: loaded with the first one who goes, as the libraries behind it are needed by nobody else."""
    voice: Reader = import_module(f"app.features.sign_in.outside.{way.value}").Voice(config)
    return voice

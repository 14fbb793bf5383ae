"""Which ways in this installation has, what they are called, and who reads what they say."""

from importlib import import_module
from typing import Final

from app.core.settings import Settings
from app.features.sign_in.outside.readers import Reader
from app.features.sign_in.outside.rules import Way

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

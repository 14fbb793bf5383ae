"""Addresses that come from outside: where a form was sent from, where somebody wants to go back to."""

from urllib.parse import SplitResult, urlsplit

NOWHERE = SplitResult(scheme="", netloc="", path="", query="", fragment="")


def parts_of(address: str) -> SplitResult:
    """The parts of ``address``; of what cannot be an address (``http://[``) there are none."""
    try:
        return urlsplit(address)
    except ValueError:
        return NOWHERE


def host_of(address: str) -> str:
    """The name of the machine in an ``address`` or a ``Host`` header, in small letters and without its port."""
    try:
        return parts_of(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""

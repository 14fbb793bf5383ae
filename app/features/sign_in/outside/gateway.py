"""A gateway before this house (统一门户、零信任网关): it says in a header who has signed in there.

Nobody is asked. The way out leads straight back, and the gateway, which the browser passes, writes two headers on it.
Whoever comes by another road can write the first as well, and does not know what stands in the second.
"""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from app.core.i18n import gettext as _
from app.core.settings import Settings
from app.core.visitors import is_among
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.rules import OutsideIdentity, Way, kept_label
from app.features.sign_in.outside.ways import Trip

BESIDE: Final = "Sanliang-Gateway"
"""The header with the secret."""


class Voice:
    """The organ's gateway."""

    def __init__(self, config: Settings) -> None:
        self._config, self._named = config, str(Way.GATEWAY.label)

    def address(self, trip: Trip) -> str:
        """See ``Reader``."""
        return f"{trip.back}?{urlencode({'state': trip.state})}"

    def said(self, trip: Trip, query: Mapping[str, str]) -> OutsideIdentity:
        """See ``Reader``. Of what stands in the headers nothing is logged."""
        self._check_sender(trip)
        header = self._config.gateway_header
        subject = self._only(trip, header)
        if not subject:
            raise DeclinedError(way=self._named, why="it names nobody")
        number = self._only(trip, self._config.gateway_number_header or header)
        return OutsideIdentity(Way.GATEWAY, header.lower(), subject, kept_label("", subject), number)

    def look(self) -> list[str]:
        """See ``Reader``."""
        told = {"header": self._config.gateway_header, "secret": BESIDE}
        said = [_("%(header)s is believed beside %(secret)s, at the address to come back to alone.") % told]
        if not self._config.trusted_proxies:
            said.append(_("SANLIANG_TRUSTED_PROXIES is empty: whoever knows the secret is believed from everywhere."))
        return said

    def _check_sender(self, trip: Trip) -> None:
        given = trip.headers(BESIDE)
        if not given:
            raise UnreachableError(way=self._named, why=f"this way back has not passed it: no {BESIDE}")
        known = self._config.gateway_secret.encode()
        if len(given) > 1 or not hmac.compare_digest(given[0].encode(), known):
            raise self._not_believed("another secret")
        proxies = self._config.trusted_proxies
        if proxies and not is_among(trip.peer, proxies):
            raise self._not_believed("its address is none of SANLIANG_TRUSTED_PROXIES")

    def _only(self, trip: Trip, name: str) -> str:
        """What stands in the header, which stands there once: of two one is the visitor's own."""
        found = trip.headers(name)
        if len(found) > 1:
            raise self._not_believed("a header stands there twice")
        try:
            said = "".join(found).encode("latin-1").decode().strip()  # gateways write UTF-8
        except UnicodeError:
            raise self._not_believed("a header is not UTF-8") from None
        if len(said) > 255 or not said.isprintable():
            raise self._not_believed("a header is no name")
        return said

    def _not_believed(self, why: str) -> NotBelievedError:
        return NotBelievedError(way=self._named, why=why)

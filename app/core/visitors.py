"""Where a request comes from, as far as limits need to know."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request


def network_of(request: Request) -> str:
    """The visitor's IPv4 address, or the /64 of an IPv6 address: that is what one line of one house has.

    Behind proxies of one's own the server has read it from ``X-Forwarded-For``: the last entry there that is none of
    them (setting ``trusted_proxies``). What stands before that entry the visitor has written.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host  # a socket on the same machine
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False))
    return str(address)


def peer_of(request: Request) -> str:
    """Who holds the connection: the proxy, where one has passed the request on."""
    peer: str = getattr(request.state, "peer", "")
    return peer


def is_among(address: str, networks: Iterable[str]) -> bool:
    """Whether ``address`` is one of these addresses, or in one of these networks."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in networks)

"""Where a request comes from, as far as limits need to know."""

from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request


def network_of(request: Request) -> str:
    """The visitor's IPv4 address, or the /64 of an IPv6 address: that is what one line of one house has.

    Behind a proxy of one's own the server reads the address from ``X-Forwarded-For`` (setting ``trust_proxy``).
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

"""Where a request comes from, through the proxies that the operator trusts."""

import ipaddress
from collections.abc import Sequence

from jobs.settings.access import Network

NOWHERE = "unknown"
# What one customer is given of IPv6; whoever has one address has all of these.
IPV6_PREFIX = 64


def client_address(peer: str | None, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the address of who asks; of IPv6, the network of 64 bits.

    Parameters
    ----------
    peer : str, optional
        The other end of the connection.
    forwarded : str
        The header `X-Forwarded-For`. Each proxy appends whom it was asked by, so that it is read from its end
        for as long as trusted proxies speak; what is left of that anybody may have made up.
    trusted : networks
        Where trusted proxies are.
    """
    address = _parsed(peer or "")
    for part in reversed(forwarded.split(",")):
        if address is None or not any(address in network for network in trusted):
            break
        further = _parsed(part)
        if further is None:
            break
        address = further
    if address is None:
        return NOWHERE
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address

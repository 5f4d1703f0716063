"""Which addresses of the network a user may have us talk to: public ones, however they are written."""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# What `is_global` of some Python versions lets pass and is nobody's server on the Internet: IETF protocol
# assignments and the anycast of 6to4 relays, documentation.
NEVER_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
NEVER_V6 = (IPv6Network("3fff::/20"),)
UNICAST_V6 = IPv6Network(
    "2000::/3"
)  # all that is handed out; what lies outside is local, reserved or embedded
# A network without IPv4 reaches it through these: the last four bytes are the address that is meant.
NAT64 = IPv6Network("64:ff9b::/96")

# RFC 6761, 6762, 8375, 9476 and ICANN's .internal: names that mean something inside a network alone.
PRIVATE_SUFFIXES = ("localhost", "local", "internal", "home.arpa", "localdomain", "alt")


def is_public(address: Address) -> bool:
    """Return whether an address is a server's on the Internet; of an IPv4 one within IPv6, that one."""
    if isinstance(address, IPv4Address):
        allowed = address.is_global and not address.is_multicast and not address.is_reserved
        return allowed and not any(address in network for network in NEVER_V4)
    if address.scope_id is not None:
        return False
    if (embedded := _embedded(address)) is not None:
        return is_public(embedded)
    allowed = address in UNICAST_V6 and address.is_global and not address.is_multicast
    return allowed and not any(address in network for network in NEVER_V6)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def literal_address(host: str) -> Address | None:
    """Return the address that a host is written as, or None for a name.

    Also in the old ways of writing IPv4 that a resolver takes: `127.1`, `0x7f000001`, `2130706433`.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.removesuffix(".")))
    except (OSError, UnicodeError):
        return None


def names_a_private_host(host: str) -> bool:
    """Return whether a name can only be of a private network: it has one label, or a suffix kept for such."""
    labels = host.lower().removesuffix(".")
    return "." not in labels or any(labels.endswith(f".{suffix}") for suffix in PRIVATE_SUFFIXES)

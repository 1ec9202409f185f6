"""Which network addresses may be contacted: only those of the public internet.

Python's ``is_global`` is not enough (measured on 3.11: it holds 224.0.0.0/4, 192.88.99.0/24 and addresses
that tunnel to private ones for global, and ``is_private`` misses 100.64.0.0/10), so embedded IPv4 addresses
are unwrapped and an explicit list is kept. Ranges: IANA special-purpose address registries.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address
from typing import Final

_REFUSED: Final = tuple(
    (ipaddress.ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "translated for local use"),
        ("100::/64", "discard"),
        ("2001:db8::/32", "documentation"),
        ("2001:10::/28", "deprecated"),
        ("2001:20::/28", "not routable"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
_UNICAST: Final = ipaddress.ip_network("2000::/3")  # all that IANA has given out of IPv6
_COMPATIBLE: Final = ipaddress.ip_network("::/96")


def refusal_of(address: str) -> str | None:
    """Why an IP address must not be contacted, or None if it may be."""
    found: IPv4Address | IPv6Address | None = ipaddress.ip_address(address.partition("%")[0])
    while found is not None:
        for network, what in _REFUSED:
            if found.version == network.version and found in network:
                return what
        outside = not found.is_global or (isinstance(found, IPv6Address) and found not in _UNICAST)
        if outside and _embedded(found) is None:
            return "not public"
        found = _embedded(found)
    return None


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, compatible, translated, 6to4 or Teredo."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _COMPATIBLE or address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.fetching.guard import refusal_of


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1", "loopback"),
        ("127.9.9.9", "loopback"),
        ("0.0.0.0", "this network"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "shared by carriers"),
        ("100.127.255.254", "shared by carriers"),
        ("192.88.99.1", "6to4 relay"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("255.255.255.255", "reserved"),
        ("198.18.0.1", "benchmarking"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fc00::1", "private"),
        ("fd12:3456::1", "private"),
        ("ff02::1", "multicast"),
        ("fec0::1", "site-local"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:100.64.0.1", "shared by carriers"),
        ("::ffff:10.0.0.1", "private"),
        ("::127.0.0.1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("64:ff9b::a00:1", "private"),
        ("64:ff9b:1::7f00:1", "translated for local use"),
        ("64:ff9b:1:a00:0:100:808:808", "translated for local use"),
        ("::ffff:0:127.0.0.1", "not public"),
        ("4000::1", "not public"),
        ("2002:7f00:1::", "loopback"),
        ("2002:a00:1::", "private"),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", "loopback"),  # Teredo: the client's address is inverted
    ],
)
def test_refuses_what_is_not_of_the_public_internet(address: str, why: str) -> None:
    assert refusal_of(address) == why


@pytest.mark.parametrize(
    "address", ["23.55.12.1", "8.8.8.8", "2606:4700::1111", "2600:1406::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_lets_the_public_internet_through(address: str) -> None:
    assert refusal_of(address) is None


@given(st.ip_addresses(v=4))
def test_an_address_that_is_embedded_is_judged_as_itself(address: ipaddress.IPv4Address) -> None:
    plain = refusal_of(str(address))
    number = int(address)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    tunnelled = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    translated = ipaddress.IPv6Address((0x64FF9B << 96) | number)
    for wrapped in (mapped, tunnelled, translated):
        assert (refusal_of(str(wrapped)) is None) == (plain is None)


@given(st.ip_addresses())
def test_whatever_python_calls_private_is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        embedded = isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.teredo)
        assert embedded or refusal_of(str(address)) is not None

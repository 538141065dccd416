"""Addresses that lead inside, in all the ways in which they can be written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from annotations.services.webhooks.networks import is_named, is_outside, may_be_told
from annotations.services.webhooks.safe_http import Unreachable, checked_address

INSIDE = [
    "0.0.0.1", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
]  # fmt: skip
INSIDE_6 = [
    "::", "::1", "::7f00:1", "::a00:1", "::9.9.9.9", "64:ff9b:1::1", "64:ff9b:1::7f00:1",
    "64:ff9b:1:ffff:ffff:ffff:9.9.9.9", "100::1", "100:0:0:1::1", "2001::1", "2001:0:53aa:64c::1",
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002::1", "2002:7f00:1::",
    "2002:909:909::1", "3ffe::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fec0::1", "feff::1", "ff02::1", "ff0e::1", "2a00:1450:4001::5efe:127.0.0.1",
    "2a00:1450:4001::200:5efe:10.0.0.1",
]  # fmt: skip
OUTSIDE = ["9.9.9.9", "1.1.1.1", "93.184.216.34", "2620:fe::fe", "2a00:1450:4001::1", "2606::1"]


@pytest.mark.parametrize("written", [*INSIDE, *INSIDE_6])
def test_what_lies_inside_is_not_told(written: str) -> None:
    assert not may_be_told(ip_address(written))


@pytest.mark.parametrize("written", OUTSIDE)
def test_what_lies_outside_is_told(written: str) -> None:
    assert may_be_told(ip_address(written))


def ways(ip: IPv4Address) -> list[IPv6Address]:
    """The addresses of IPv6 by which something may be led to one of IPv4."""
    low = int(ip)
    return [
        IPv6Address(0xFFFF << 32 | low),
        IPv6Address(low),
        IPv6Address(0x64_FF9B << 96 | low),
        IPv6Address(0x64_FF9B_0001 << 80 | low),
        IPv6Address(0x2002 << 112 | low << 80 | 1),
        IPv6Address(0x2001_0000 << 96 | low << 64 | (low ^ 0xFFFF_FFFF)),
        IPv6Address(0x2A00_1450 << 96 | 0x5EFE << 32 | low),
    ]


@pytest.mark.parametrize("written", INSIDE)
def test_no_way_of_ipv6_leads_inside(written: str) -> None:
    ip = IPv4Address(written)

    assert [str(each) for each in ways(ip) if may_be_told(each)] == []


def test_what_a_network_translates_is_judged_by_where_it_leads() -> None:
    assert may_be_told(ip_address("64:ff9b::9.9.9.9"))
    assert may_be_told(ip_address("::ffff:9.9.9.9"))


@given(st.ip_addresses())
def test_what_the_registry_of_python_knows_as_not_global_is_never_told(
    ip: IPv4Address | IPv6Address,
) -> None:
    if not ip.is_global and getattr(ip, "ipv4_mapped", None) is None:
        assert not is_outside(ip)


@given(st.ip_addresses(v=4))
def test_every_way_of_ipv6_to_an_address_is_told_no_sooner_than_that_one(ip: IPv4Address) -> None:
    for each in ways(ip):
        assert not may_be_told(each) or may_be_told(ip)


def test_a_network_that_was_named_is_told_however_it_is_written(settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS = ["10.1.0.0/16"]

    assert may_be_told(ip_address("10.1.2.3"))
    assert is_named(ip_address("::ffff:10.1.2.3"))
    assert not may_be_told(ip_address("10.2.0.1"))
    assert not may_be_told(ip_address("::10.1.2.3"))


@pytest.mark.parametrize(
    "url",
    [
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::1]/", "https://[::127.0.0.1]/", "https://[fec0::1]/",
        "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
        "https://[::]/", "https://0/", "https://localhost/", "https://100.64.0.1/",
        "http://[::ffff:9.9.9.9]/", "http://[64:ff9b::9.9.9.9]/", "http://9.9.9.9/",
    ],
)  # fmt: skip
def test_an_address_of_a_webhook_that_leads_inside_or_is_not_secure_is_refused(url: str) -> None:
    with pytest.raises(Unreachable):
        checked_address(url)

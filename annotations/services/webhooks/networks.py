"""Which addresses lie outside, as the registries of IANA have it (RFC 6890 and what followed).

Of IPv6 only what has been given out as global unicast counts, less what is special in it. Some of
its addresses are ways to IPv4: those that a network translates are judged by the address that they
lead to, and those of tunnels that nobody should use any more are refused.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from django.conf import settings

IP = IPv4Address | IPv6Address

SPECIAL = [
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
GIVEN_OUT = IPv6Network("2000::/3")
SPECIAL_6 = [
    IPv6Network("2001::/23"),  # protocols, Teredo among them
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("2620:4f:8000::/48"),  # AS112
    IPv6Network("3ffe::/16"),  # 6bone
    IPv6Network("3fff::/20"),  # documentation
]
MAPPED = IPv6Network("::ffff:0:0/96")  # an IPv4 address, written as one of IPv6 (RFC 4291 §2.5.5.2)
TRANSLATED = IPv6Network("64:ff9b::/96")  # what NAT64 makes of one (RFC 6052 §2.1)
ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # before the IPv4 address that it ends in (RFC 5214 §6.1)
LOW = 0xFFFF_FFFF


def may_be_told(ip: IP) -> bool:
    """Whether requests may go there: it lies outside, or in a network that was named."""
    return is_named(ip) or is_outside(ip)


def is_named(ip: IP) -> bool:
    """Whether WEBHOOK_NETWORKS has it, or the IPv4 address that it stands for."""
    networks = [ip_network(each) for each in settings.WEBHOOK_NETWORKS]
    return any(address in each for address in (ip, meant(ip)) for each in networks)


def is_outside(ip: IP) -> bool:
    """Whether it is one of the public internet."""
    ip = meant(ip)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in each for each in SPECIAL)
    special = ip not in GIVEN_OUT or any(ip in each for each in SPECIAL_6)
    tunnelled = int(ip) >> 32 & LOW in ISATAP
    return ip.is_global and not special and not tunnelled


def meant(ip: IP) -> IP:
    """The IPv4 address that this one stands for, if it does."""
    if isinstance(ip, IPv6Address) and (ip in MAPPED or ip in TRANSLATED):
        return IPv4Address(int(ip) & LOW)
    return ip

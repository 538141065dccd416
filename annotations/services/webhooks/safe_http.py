"""Requests to addresses that people named: to the outside only, and never for long.

A name is looked up once, what it leads to is checked, and just that address is connected to, so
that a name that leads elsewhere the next time (DNS rebinding) does not get past the check.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from annotations.services.deadlines import Deadline, TimedSocket, within
from annotations.services.webhooks.networks import is_named, may_be_told

PATIENCE = 15.0  # seconds for all of it: to look up, to connect, to send, to be answered
MOST_READ = 1_000  # bytes of an answer


class Unreachable(Exception):
    """The request was not made or not answered; the text is a sentence for people."""


@dataclass(frozen=True)
class Address:
    """An address that may be connected to, and what to ask for there."""

    is_secure: bool
    host: str
    port: int
    path: str
    ip: IPv4Address | IPv6Address


def checked_address(url: str, deadline: Deadline | None = None) -> Address:
    """Looks the name up, in PATIENCE without a deadline.

    Raises Unreachable for what is no address or not of the outside.
    """
    deadline = deadline or Deadline(PATIENCE)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Unreachable("This is no web address.") from error
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc:
        raise Unreachable("Give an address that begins with https:// and has no password in it.")
    is_secure = parts.scheme == "https"
    ip = _looked_up(host, port or (443 if is_secure else 80), deadline)
    if not may_be_told(ip):
        raise Unreachable("This address is in a private network, where nothing is sent.")
    if not is_secure and not is_named(ip):
        raise Unreachable("Give an address that begins with https://.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(is_secure, host, port or (443 if is_secure else 80), path, ip)


def post(url: str, body: bytes, headers: Mapping[str, str], *, patience: float = PATIENCE) -> int:
    """The status of the answer, which has so many seconds; redirects are not followed.

    Raises Unreachable.
    """
    deadline = Deadline(patience)
    address = checked_address(url, deadline)
    connection = _Pinned(address, deadline)
    try:
        connection.request("POST", address.path, body, dict(headers))
        response = connection.getresponse()
        response.read(MOST_READ)
    except ssl.SSLError as error:
        raise Unreachable(f"No secure connection: {error.reason or error}.") from error
    except TimeoutError as error:
        raise Unreachable(f"No answer within {patience:.0f} seconds.") from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Unreachable(f"No connection: {error}.") from error
    finally:
        connection.close()
    return response.status


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked; its certificate must be that of the name."""

    def __init__(self, address: Address, deadline: Deadline) -> None:
        super().__init__(address.host, address.port)
        self.address = address
        self.deadline = deadline

    def connect(self) -> None:
        connected = socket.create_connection((str(self.address.ip), self.port), self.deadline.left)
        if self.address.is_secure:
            connected.settimeout(self.deadline.left)  # of the whole handshake
            context = ssl.create_default_context()
            connected = context.wrap_socket(connected, server_hostname=self.address.host)
        self.sock = TimedSocket(connected, self.deadline)


def _looked_up(host: str, port: int, deadline: Deadline) -> IPv4Address | IPv6Address:
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = within(deadline, look_up)
    except TimeoutError as error:
        raise Unreachable(f"Could not resolve {host} within {deadline.seconds:.0f} s.") from error
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"Could not resolve {host}.") from error
    ips = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    return next((ip for ip in ips if may_be_told(ip)), ips[0])

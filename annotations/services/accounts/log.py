"""The log of accounts: one function writes a line, one deletes the lines that are too old."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils import timezone

from annotations.models import AccountEvent, AccountEventType, User
from annotations.models.account_log import KEPT_FOR, LONGEST_DEVICE, LONGEST_NOTE

BATCH = 10_000  # lines deleted at a time


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: IP address and User-Agent, "" where there is none."""

    address: str = ""
    device: str = ""


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - it is frozen


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Lines written inside name this address and device; a middleware calls it for requests."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def record_account_event(
    *, type: AccountEventType, user: User | None, by: User | None = None, note: str = ""
) -> AccountEvent:
    """A line about the account of `user`, with address and device of the present request.

    `by` is who did it where that is another person. Call it in the transaction of what it tells.
    """
    origin = _origin.get()
    return AccountEvent.objects.create(
        type=type,
        user=user,
        actor=None if by is None or by == user else by,
        note=_printable(note, LONGEST_NOTE),
        address=_ip_address(origin.address),
        device=_printable(origin.device, LONGEST_DEVICE),
    )


def delete_old_account_events() -> int:
    """Delete up to `BATCH` lines that are older than a year; how many there were."""
    old = AccountEvent.objects.filter(at__lt=timezone.now() - KEPT_FOR).order_by("at")
    deleted, _ = AccountEvent.objects.filter(id__in=old.values("id")[:BATCH]).delete()
    return deleted


def _printable(text: str, longest: int) -> str:
    """Without control characters, unpaired surrogates and what else cannot be printed."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:longest])


def _ip_address(written: str) -> str | None:
    """None for what is no address, such as the name of a socket."""
    try:
        return str(ipaddress.ip_address(written.partition("%")[0]))
    except ValueError:
        return None

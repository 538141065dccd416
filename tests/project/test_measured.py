"""No page and no list of the API is left out of `bin/bench pages`."""

from __future__ import annotations

from benchmarks.support.addresses import NOT_MEASURED, routes, unmeasured


def test_every_route_that_is_read_has_an_address_to_be_measured_at() -> None:
    assert unmeasured() == []


def test_what_is_not_measured_is_there() -> None:
    assert set(NOT_MEASURED) <= set(routes())

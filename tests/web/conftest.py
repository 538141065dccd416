"""What tests of the live stream share."""

from __future__ import annotations

import pytest

from annotations.web import live
from annotations.web.hub import Hub


@pytest.fixture
def own_hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that no other test has stopped."""
    hub = Hub()
    monkeypatch.setattr(live, "hub", hub)
    return hub

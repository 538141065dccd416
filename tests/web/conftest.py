"""What tests of the live stream share."""

from __future__ import annotations

import pytest

from annotations.web.live import stream
from annotations.web.live.hub import Hub


@pytest.fixture
def own_hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that no other test has stopped."""
    hub = Hub()
    monkeypatch.setattr(stream, "hub", hub)
    return hub

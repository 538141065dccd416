"""Fixtures of the tests of releases."""

from __future__ import annotations

import pytest

from annotations.services import jobs


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_send", lambda _id: None)

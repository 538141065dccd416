"""A public desk and a text of it, for tests that need no other."""

from __future__ import annotations

import pytest

from annotations.models import Desk, Source
from tests import factories


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk(is_public=True)


@pytest.fixture
def source(desk: Desk) -> Source:
    return factories.make_source(desk)

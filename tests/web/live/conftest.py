"""A source to follow."""

from __future__ import annotations

import pytest

from annotations.models import Source
from tests.factories import make_desk, make_source


@pytest.fixture
def source() -> Source:
    return make_source(make_desk())

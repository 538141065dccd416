"""A desk with a source, its editor, and a check that nothing was written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from annotations.models import Desk, Role, Source
from tests import factories
from tests.api.client import as_role
from tests.api.http.refused import rows


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return factories.make_source(desk)


@pytest.fixture
def editor(desk: Desk) -> APIClient:
    return as_role(desk, Role.EDITOR)


@pytest.fixture
def unchanged(source: Source, editor: APIClient) -> Iterator[None]:
    """Everything that stood in the database before the test stands there after it, and no more."""
    before = rows()
    yield
    assert rows() == before

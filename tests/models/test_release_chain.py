"""Releases, each chained to the one before, by SQL past every service."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import make_desk
from tests.models.attacks import make_release_row, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 2, "previous_sha256": "b" * 64},
        {"number": 2, "previous_sha256": ""},
        {"number": 3, "previous_sha256": "a" * 64},
    ],
)
def test_a_release_follows_the_newest_one_and_names_its_hash(changes: dict[str, Any]) -> None:
    desk = make_desk()
    make_release_row(desk)

    with refused("release_is_chained"):
        make_release_row(desk, **changes)


def test_a_release_takes_no_files_after_its_manifest() -> None:
    release = make_release_row(make_desk())
    release.files.create(name="manifest.json", media_type="application/json", size=1, sha256="a")

    with refused("release_is_immutable"):
        release.files.create(name="late.jsonl", media_type="application/jsonl", size=1, sha256="b")

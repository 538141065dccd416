"""The build's id, on which entity tags of lists depend."""

from __future__ import annotations

from pathlib import Path

import annotations
from annotations.build import build_id, digest_of


def test_any_change_of_the_code_in_any_folder_is_another_build(tmp_path: Path) -> None:
    deep = tmp_path / "api" / "published"
    deep.mkdir(parents=True)
    (deep / "lists.py").write_text("SIZE = 50")
    known = {digest_of(tmp_path)}

    (deep / "lists.py").write_text("SIZE = 51")
    known.add(digest_of(tmp_path))
    (deep / "known.sql").write_text("SELECT 1")
    known.add(digest_of(tmp_path))
    (deep / "lists.py").rename(tmp_path / "api" / "lists.py")
    known.add(digest_of(tmp_path))

    assert len(known) == 4


def test_the_build_is_that_of_the_application() -> None:
    assert build_id() == digest_of(Path(annotations.__file__).parent)

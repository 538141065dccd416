"""Which code answers: what an answer looks like depends on it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
WRITES_ANSWERS = (".py", ".sql")


@cache
def build_id() -> str:
    """Another one after any change of the application's code."""
    return digest_of(HERE)


def digest_of(folder: Path) -> str:
    """SHA-256 of the code in the folder and in all folders below it, names included."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.suffix in WRITES_ANSWERS):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()

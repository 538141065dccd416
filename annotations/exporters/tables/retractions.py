"""Retractions as JSON Lines: what earlier releases say and no longer holds."""

from __future__ import annotations

from collections.abc import Sequence

from annotations.exporters.tables.lines import json_line

NAME = "retractions.jsonl"
MEDIA_TYPE = "application/jsonl"


def line(
    *, id: str, version: int, reason: str, at: str, releases: Sequence[int], published_again: bool
) -> bytes:
    """`at` is ISO 8601; `releases` are the numbers of those that the annotation stood in."""
    said = {
        "id": id,
        "version": version,
        "reason": reason,
        "at": at,
        "releases": list(releases),
        "published_again": published_again,
    }
    return json_line(said)

"""A source with any text to measure with, without waiting for its import."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

import psycopg

from benchmarks.support.scratch import Product

SOURCE = """
    INSERT INTO annotations_source
        (id, desk_id, title, publisher, author, url, language, licence, created_by_id, created_at)
    SELECT %(id)s, desk_id, 'A long text', '', '', '', '', '', created_by_id, now()
    FROM annotations_source LIMIT 1"""
REVISION = """
    INSERT INTO annotations_revision
        (source_id, number, text, length, sha256, original, original_name, importer,
         importer_version, warnings, created_by_id, created_at)
    SELECT id, 1, %(text)s, %(length)s, %(sha256)s, '', '', 'pasted', '1', '[]', created_by_id,
        now()
    FROM annotations_source WHERE id = %(id)s"""


def source_with(product: Product, text: str) -> str:
    """The id of a new source with this text, beside the sample article."""
    values = values_of(text)
    with psycopg.connect(product.database_url) as connection:
        connection.execute(SOURCE, values)
        connection.execute(REVISION, values)
    return str(values["id"])


def values_of(text: str) -> dict[str, Any]:
    """What SOURCE and REVISION take, for a new source."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return {"id": uuid4(), "text": text, "length": len(text), "sha256": sha256}

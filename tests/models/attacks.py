"""Attacks on what the database promises, by SQL that goes past every service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from annotations.models import Annotation, Release, Role, Version
from tests.factories import make_annotation, make_desk, make_source, member


def execute(sql: str, *values: Any) -> None:
    """The statement, then the checks that otherwise wait for the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The database refuses what is inside, and says by which rule."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == rule


def a_draft(**values: Any) -> Annotation:
    return make_annotation(make_source(make_desk()), **values)


def insert_version(annotation: Annotation, **changes: Any) -> Version:
    """A version as the service writes it, save what is changed."""
    head = annotation.versions.order_by("-number")[0]
    values = {
        "annotation": annotation,
        "number": head.number + 1,
        "revision": head.revision,
        "label": head.label,
        "author": head.author,
    }
    return Version.objects.create(**(values | changes))


def insert_span(version: Version, start: int, end: int, exact: str) -> None:
    execute(
        'INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix) '
        "VALUES (%s, %s, %s, %s, '', '')",
        version.id,
        start,
        end,
        exact,
    )


def make_release_row(desk: Any, **changes: Any) -> Release:
    values = {
        "desk": desk,
        "number": 1,
        "annotation_count": 1,
        "manifest_sha256": "a" * 64,
        "created_by": member(desk, Role.MANAGER),
        "created_at": "2026-01-01T00:00:00Z",
    }
    return Release.objects.create(**(values | changes))

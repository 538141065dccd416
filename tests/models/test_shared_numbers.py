"""What Python, the triggers and the browser say of the same thing is the same."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from annotations.database_names import Channel
from annotations.models import Chunk, Span
from annotations.text.spans import CONTEXT
from tests.factories import make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db


def test_triggers_notify_channels_that_are_listened_to() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%pg_notify(%'")
        sources = " ".join(source for (source,) in cursor.fetchall())

    named = set(re.findall(r"pg_notify\('(\w+)'", sources))

    assert named == {Channel.EVENTS, Channel.PEOPLE}


def test_texts_are_cut_into_chunks_of_the_size_that_reads_expect() -> None:
    source = make_source(make_desk(), text="𝔠" * (2 * Chunk.SIZE + 7))

    chunks = Chunk.objects.filter(revision__source=source).order_by("number")

    assert [len(each.text) for each in chunks] == [Chunk.SIZE, Chunk.SIZE, 7]


def test_a_span_keeps_as_much_context_as_is_said() -> None:
    source = make_source(make_desk(), text="a" * 100 + " Baku " + "b" * 100)

    make_annotation(source, spans=[(101, 105)])

    span = Span.objects.get()
    assert len(span.prefix) == len(span.suffix) == CONTEXT

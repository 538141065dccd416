"""A revision's text, its chunks and the spans on it, by SQL past every service."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.models import Chunk, Revision
from tests.factories import make_annotation, make_desk, make_source
from tests.models.attacks import a_draft, execute, insert_span, insert_version, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"length": 4}, "revision_length_is_true"),
        ({"sha256": "0" * 64}, "revision_sha256_is_true"),
        ({"number": 1}, "one_revision_per_number"),
    ],
)
def test_a_revision_tells_the_truth_about_its_text(changes: dict[str, Any], rule: str) -> None:
    revision = make_source(make_desk()).revisions.get()
    revision.pk, revision.number = None, 2
    for name, value in changes.items():
        setattr(revision, name, value)

    with refused(rule):
        revision.save(force_insert=True)


@pytest.mark.parametrize(
    ("start", "end", "exact", "rule"),
    [
        (29, 33, "BAKU", "span_is_exact"),
        (29, 33, "Bak", "span_is_exact"),
        (60, 9_999, "the votes.", "span_is_inside_the_text"),
        (3, 8, "ara „", "spans_do_not_overlap"),
        (6, 6, "", "span_is_not_empty"),
        (9, 7, "", "span_is_not_empty"),
    ],
)
def test_a_span_has_the_words_that_stand_there(start: int, end: int, exact: str, rule: str) -> None:
    version = insert_version(a_draft())
    insert_span(version, 0, 6, "Ankara")

    with refused(rule):
        insert_span(version, start, end, exact)


def test_offsets_of_the_database_count_code_points() -> None:
    version = insert_version(a_draft())
    start = version.revision.text.index("𝔠")

    insert_span(version, start, start + 7, "𝔠ounted")

    assert version.spans.get().exact == "𝔠ounted"


@pytest.mark.parametrize("length", [1, 1_023, 1_024, 1_025, 2_048, 2_049, 50_000])
def test_a_text_is_cut_into_chunks_of_code_points(length: int) -> None:
    text = ("a😀ğ́\n" * length)[: length - 1] + "."

    revision = make_source(make_desk(), text=text).revisions.get()

    chunks = list(revision.chunks.order_by("number").values_list("number", "text"))
    assert "".join(words for _, words in chunks) == revision.text
    assert [number for number, _ in chunks] == list(range(len(chunks)))
    assert all(len(words) == Chunk.SIZE for _, words in chunks[:-1])


def test_only_the_text_of_a_revision_makes_chunks() -> None:
    revision = make_source(make_desk()).revisions.get()

    with refused("chunk_is_cut_from_the_text"):
        execute(
            "INSERT INTO annotations_chunk (revision_id, number, text) VALUES (%s, 1, 'x')",
            revision.id,
        )


@pytest.mark.parametrize(
    ("start", "end"),
    [(1_018, 1_024), (1_024, 1_028), (1_022, 1_026), (0, 9_000), (8_999, 9_000)],
)
def test_a_span_may_cross_chunks(start: int, end: int) -> None:
    source = make_source(make_desk(), text="a😀" * 4_500)

    span = make_annotation(source, spans=[(start, end)]).versions.get().spans.get()

    text = source.revisions.get().text
    assert span.exact == text[start:end]
    assert span.prefix == text[max(0, start - 32) : start]
    assert span.suffix == text[end : end + 32]


def test_a_version_without_a_span_cannot_be_committed() -> None:
    annotation = a_draft()

    with refused("version_has_a_span"):
        insert_version(annotation)
        execute("SELECT 1")


def test_a_revision_with_an_empty_text_is_refused() -> None:
    revision = make_source(make_desk()).revisions.get()
    empty = Revision(
        source=revision.source,
        number=2,
        text="",
        length=0,
        sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        original=b"",
        importer="pasted",
        importer_version="1",
        created_by=revision.created_by,
    )

    with refused("revision_has_a_text"):
        empty.save()

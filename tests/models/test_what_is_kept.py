"""What others point to, and what was said, by SQL past every service: it never changes or goes."""

from __future__ import annotations

import pytest

from annotations.models import Kind, Relation, RelationType
from annotations.services.tagging.drafts import Link
from tests.factories import approved, make_annotation, make_desk, make_source
from tests.models.attacks import a_draft, execute, insert_span, make_release_row, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("table", "column", "rule"),
    [
        ("revision", "text", "revision_is_immutable"),
        ("span", "exact", "span_is_immutable"),
        ("relation", "type", "relation_is_immutable"),
        ("decision", "note", "decision_is_immutable"),
        ("event", "note", "events_are_append_only"),
        ("release", "notes", "release_is_immutable"),
        ("releasefile", "name", "release_file_is_immutable"),
    ],
)
def test_rows_of_the_record_can_be_neither_changed_nor_removed(
    table: str, column: str, rule: str
) -> None:
    desk = make_desk()
    source = make_source(desk)
    place = approved(make_annotation(source))
    approved(make_annotation(source, kind=Kind.CLAIM, links=[Link(RelationType.ABOUT, place.id)]))
    release = make_release_row(desk)
    release.files.create(name="a.jsonl", media_type="application/jsonl", size=1, sha256="a" * 64)

    with refused(rule):
        execute(f"UPDATE annotations_{table} SET {column} = {column} || 'x'")
    with refused(rule):
        execute(f"DELETE FROM annotations_{table}")


@pytest.mark.parametrize(
    "change",
    [
        "number = 7",
        "label_id = label_id + 1",
        'fields = \'{"note": "other"}\'',
        "created_at = now() - interval '1 year'",
    ],
)
def test_what_a_version_says_never_changes(change: str) -> None:
    head = a_draft().head_id

    with refused("version_is_immutable"):
        execute(f"UPDATE annotations_version SET {change} WHERE id = %s", head)


def test_a_version_cannot_be_removed() -> None:
    a_draft()

    with refused("version_is_kept"):
        execute("DELETE FROM annotations_version")


def test_a_version_takes_no_more_spans_once_it_is_the_head() -> None:
    annotation = a_draft()

    with refused("version_is_immutable"):
        insert_span(annotation.versions.get(), 8, 11, annotation.versions.get().revision.text[8:11])


def test_a_version_takes_no_more_relations_once_it_is_the_head() -> None:
    source = make_source(make_desk())
    place, claim = make_annotation(source), make_annotation(source, kind=Kind.CLAIM)

    with refused("version_is_immutable"):
        Relation.objects.create(version=claim.versions.get(), type="about", to=place)


@pytest.mark.parametrize(
    "table", ["annotation", "source", "codebook", "label", "fielddefinition", "chunk"]
)
def test_what_others_point_to_is_kept(table: str) -> None:
    a_draft()
    rules = {"label": "codebook_is_immutable", "fielddefinition": "codebook_is_immutable"}
    rules |= {"codebook": "codebook_is_immutable", "chunk": "chunk_is_immutable"}

    with refused(rules.get(table, f"{table}_is_kept")):
        execute(f"DELETE FROM annotations_{table}")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("annotation SET id = gen_random_uuid()", "annotation_stays_put"),
        ("source SET id = gen_random_uuid()", "source_stays_on_its_desk"),
        ("source SET desk_id = gen_random_uuid()", "source_stays_on_its_desk"),
        ("label SET kind = 'flag'", "codebook_is_immutable"),
        ("codebook SET guidelines = 'x'", "codebook_is_immutable"),
        ("fielddefinition SET required = true", "codebook_is_immutable"),
        ("chunk SET text = 'x'", "chunk_is_immutable"),
    ],
)
def test_what_others_point_to_stays_what_it_is(change: str, rule: str) -> None:
    a_draft()

    with refused(rule):
        execute(f"UPDATE annotations_{change}")


def test_one_statement_cannot_open_the_head_and_add_to_it() -> None:
    annotation = a_draft()
    claim = make_annotation(annotation.source, kind=Kind.CLAIM)
    touch = "WITH touched AS (UPDATE annotations_version SET submitted_at = now() WHERE id = %s) "
    span = (
        'INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix) '
        "VALUES (%s, 29, 33, 'Baku', '', '')"
    )
    relation = (
        "INSERT INTO annotations_relation (uid, version_id, type, to_id) "
        "VALUES (gen_random_uuid(), %s, 'about', %s)"
    )
    head = claim.versions.get().id

    with refused("version_is_immutable"):
        execute(touch + span, head, head)
    with refused("version_is_immutable"):
        execute(touch + relation, head, head, annotation.id)
    with refused("version_is_immutable"):
        execute(f"WITH added AS ({span}) {relation}", head, head, annotation.id)

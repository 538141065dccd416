"""A version, its annotation and its relations, by SQL past every service."""

from __future__ import annotations

import pytest

from annotations.models import Annotation, Kind, Relation, State
from annotations.models.identity import new_id
from tests.factories import make_annotation, make_desk, make_source
from tests.models.attacks import a_draft, execute, insert_span, insert_version, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_a_version_starts_as_a_draft(state: State) -> None:
    annotation = a_draft()

    with refused("version_starts_as_draft"):
        insert_version(annotation, state=state)


def test_a_version_has_a_label_of_its_kind_and_desk() -> None:
    annotation = a_draft()
    elsewhere = a_draft().versions.get()
    other_kind = make_annotation(annotation.source, kind=Kind.FLAG).versions.get()

    with refused("version_fits_its_annotation"):
        insert_version(annotation, label=elsewhere.label)
    with refused("version_fits_its_annotation"):
        insert_version(annotation, label=other_kind.label)


def test_a_version_is_on_a_text_of_its_source() -> None:
    annotation = a_draft()
    other = make_source(annotation.desk).revisions.get()

    with refused("version_fits_its_annotation"):
        insert_version(annotation, revision=other)


def test_an_annotation_is_on_a_source_of_its_desk() -> None:
    here, elsewhere = make_source(make_desk()), make_source(make_desk())

    with refused("annotation_is_on_its_desk"):
        Annotation.objects.create(
            desk=here.desk, source=elsewhere, kind="entity", created_by=here.created_by
        )


def test_an_annotation_keeps_its_kind_and_source() -> None:
    annotation = a_draft()

    with refused("annotation_stays_put"):
        execute("UPDATE annotations_annotation SET kind = 'flag' WHERE id = %s", annotation.id)


def test_the_head_is_a_version_of_the_annotation() -> None:
    annotation, other = a_draft(), a_draft()

    with refused("head_is_its_version"):
        Annotation.objects.filter(id=annotation.id).update(head=other.head_id)


def test_two_annotations_cannot_have_one_id() -> None:
    annotation = a_draft()

    with refused("annotations_annotation_pkey"):
        execute(
            "INSERT INTO annotations_annotation "
            "(id, desk_id, source_id, kind, created_by_id, created_at, updated_at) "
            "SELECT id, desk_id, source_id, kind, created_by_id, now(), now() "
            "FROM annotations_annotation WHERE id = %s",
            annotation.id,
        )


def test_a_relation_stays_on_its_desk_and_leads_to_another() -> None:
    annotation, elsewhere = a_draft(), a_draft()
    version = insert_version(annotation)
    insert_span(version, 0, 6, "Ankara")

    with refused("relation_stays_on_the_desk"):
        Relation.objects.create(version=version, type="same_as", to=elsewhere)
    with refused("relation_stays_on_the_desk"):
        Relation.objects.create(version=version, type="same_as", to=annotation)


def test_ids_grow_with_time() -> None:
    ids = [new_id() for _ in range(100)]

    assert ids == sorted(ids)
    assert {id.version for id in ids} == {7}

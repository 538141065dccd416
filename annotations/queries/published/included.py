"""What the published annotations of a page lead to, each once; four statements at most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from annotations.models import Desk, Entity, Publication, Relation, Source
from annotations.queries.published.annotations import (
    published,
    published_documents,
    published_sources,
    with_published_revisions,
)
from annotations.queries.published.linked_graph import entity_document

Document = dict[str, Any]


def linked(desk: Desk, ids: Collection[UUID]) -> list[Document]:
    """The annotations at either end of the relations of these, by id."""
    leading_here = Publication.objects.filter(version__relations__to__in=ids).values("annotation")
    led_to = Relation.objects.filter(version__publication__annotation__in=ids).values("to")
    both = published(desk).filter(id__in=leading_here.union(led_to))
    return published_documents(both.order_by("id"))


def sources_of(desk: Desk, ids: Collection[UUID]) -> list[Source]:
    """The sources of these annotations, with their published revisions, by id."""
    named = published(desk).filter(id__in=ids).values("source")
    return list(
        with_published_revisions(published_sources(desk).filter(id__in=named)).order_by("id")
    )


def records_of(desk: Desk, ids: Collection[UUID], others: Sequence[Document]) -> list[Document]:
    """The records of the register that these annotations, or the other documents, stand for."""
    fields = published(desk).filter(id__in=ids).values_list("published__fields", flat=True)
    said = [*fields, *(document["fields"] for document in others)]
    named = {each.get("entity") for each in said} - {None}
    records = Entity.objects.filter(desk=desk, id__in=named).order_by("id")
    return [entity_document(record) for record in records]

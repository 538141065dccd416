"""Containers of the Web Annotation Protocol (Recommendation, 23 February 2017), for reading (§4).

A container is an AnnotationCollection whose pages go by the last annotation of the page before, so
that they stay true while annotations come and go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from annotations.exporters.linked_data.web_annotation import CONTEXT, annotation, iri_of
from annotations.exporters.records import Record

CONTEXTS = [CONTEXT, "http://www.w3.org/ns/ldp.jsonld"]


@dataclass(frozen=True)
class Container:
    """`iri` ends in a slash (§4); `as_iris` says whether items are addresses or whole (§4.2)."""

    iri: str
    base_iri: str
    label: str
    total: int
    as_iris: bool

    def address(self, **query: str) -> str:
        """With what tells the representations of the container and its pages apart."""
        return f"{self.iri}?{urlencode({**query, 'iris': int(self.as_iris)})}"

    def page_address(self, after: str | None) -> str:
        return self.address(page=after or "first")


@dataclass(frozen=True)
class Page:
    """Some records in order; `after`, `prev`, `next` and `last` say where pages begin.

    "" is the beginning; None for `prev` or `next` says that there is no such page, and for
    `start_index` that the address does not say it.
    """

    records: Sequence[Record]
    start_index: int | None
    after: str
    prev: str | None
    next: str | None
    last: str


def container_document(container: Container, first: Page, *, minimal: bool) -> dict[str, Any]:
    """The container with its first page in it, or with its address only when `minimal` (§4.2)."""
    document: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": container.iri if minimal else container.address(),
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": container.label,
        "total": container.total,
    }
    if not container.total:  # a page may not be empty (model, §5.2)
        return document
    page = _page(container, first, part_of=document["id"])
    return document | {
        "first": page["id"] if minimal else page,
        "last": container.page_address(first.last),
    }


def page_document(container: Container, page: Page) -> dict[str, Any]:
    """One page by itself, which says of which container it is (§4.3)."""
    part_of = {
        "id": container.address(),
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": container.label,
        "total": container.total,
    }
    return {"@context": CONTEXT, **_page(container, page, part_of=part_of)}


def _page(container: Container, page: Page, *, part_of: Any) -> dict[str, Any]:
    base = container.base_iri
    document = {
        "id": container.page_address(page.after),
        "type": "AnnotationPage",
        "partOf": part_of,
        **({} if page.start_index is None else {"startIndex": page.start_index}),
        "items": [
            iri_of(each, base) if container.as_iris else annotation(each, base)
            for each in page.records
        ],
    }
    near = {"prev": page.prev, "next": page.next}
    return document | {
        name: container.page_address(after) for name, after in near.items() if after is not None
    }

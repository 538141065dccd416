"""Pages of published annotations that know which pages are beside them; five statements."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from annotations.exporters.linked_data.annotation_container import Page
from annotations.exporters.records import Record
from annotations.models import Annotation, Source
from annotations.queries.published.annotations import published_documents, source_record

SIZE = 100


@dataclass(frozen=True)
class Place:
    """Behind the annotation `id`, with `index` annotations before; None where that is not known.

    Pages carry the index along in their addresses, since counting takes longer than reading a page.
    """

    id: UUID
    index: int | None = None

    def __str__(self) -> str:
        return str(self.id) if self.index is None else f"{self.id}.{self.index}"


def page_after(rows: QuerySet[Annotation], after: Place | None, total: int) -> Page:
    """The published annotations of `rows` by id, after that one; `total` is how many there are."""
    following = rows.filter(publication__annotation__gt=after.id) if after else rows
    keys = list(following.order_by("id").values_list("id", flat=True)[: SIZE + 1])
    documents = published_documents(rows.filter(id__in=keys[:SIZE]).order_by("id"))
    sources = {
        str(source.id): source_record(source)
        for source in Source.objects.filter(id__in={each["source"] for each in documents})
    }
    start = after.index if after else 0
    return Page(
        records=[Record.from_document(each, sources[each["source"]]) for each in documents],
        start_index=start,
        after=str(after or ""),
        prev=_before(rows, after) if after else None,
        next=str(Place(keys[SIZE - 1], _moved(start, SIZE))) if len(keys) > SIZE else None,
        last=_last(rows, total),
    )


def _before(rows: QuerySet[Annotation], after: Place) -> str:
    """Where the page begins that ends with this one; "" at the beginning."""
    behind = rows.filter(publication__annotation__lte=after.id)
    return _nth_from_the_end(behind, SIZE, _moved(after.index, -SIZE))


def _last(rows: QuerySet[Annotation], total: int) -> str:
    size = total % SIZE or SIZE
    return _nth_from_the_end(rows, size, max(0, total - size))


def _nth_from_the_end(rows: QuerySet[Annotation], number: int, index: int | None) -> str:
    found = rows.order_by("-id").values_list("id", flat=True)[number : number + 1]
    return next((str(Place(id, index)) for id in found), "")


def _moved(index: int | None, by: int) -> int | None:
    return None if index is None else max(0, index + by)

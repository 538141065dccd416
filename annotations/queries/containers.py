"""Pages of published annotations that know which pages are beside them; five statements."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from annotations.exporters.annotation_container import Page
from annotations.exporters.records import Record
from annotations.models import Annotation, Source
from annotations.queries.published import published_documents, source_record

SIZE = 100


def page_after(rows: QuerySet[Annotation], after: UUID | None, total: int) -> Page:
    """The published annotations of `rows` by id, after that one; `total` is how many there are."""
    following = rows.filter(id__gt=after) if after else rows
    keys = list(following.order_by("id").values_list("id", flat=True)[: SIZE + 1])
    documents = published_documents(rows.filter(id__in=keys[:SIZE]).order_by("id"))
    sources = {
        str(source.id): source_record(source)
        for source in Source.objects.filter(id__in={each["source"] for each in documents})
    }
    return Page(
        records=[Record.from_document(each, sources[each["source"]]) for each in documents],
        start_index=rows.filter(id__lte=after).count() if after else 0,
        after=str(after or ""),
        prev=_before(rows, after) if after else None,
        next=str(keys[SIZE - 1]) if len(keys) > SIZE else None,
        last=_last(rows, total),
    )


def _before(rows: QuerySet[Annotation], after: UUID) -> str:
    """Where the page begins that ends with this one; "" at the beginning."""
    return _nth_from_the_end(rows.filter(id__lte=after), SIZE)


def _last(rows: QuerySet[Annotation], total: int) -> str:
    return _nth_from_the_end(rows, total % SIZE or SIZE)


def _nth_from_the_end(rows: QuerySet[Annotation], number: int) -> str:
    found = rows.order_by("-id").values_list("id", flat=True)[number : number + 1]
    return str(next(iter(found), ""))

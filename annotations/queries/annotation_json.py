"""The JSON of an annotation, built by the database: one statement however many there are.

The two shapes (docs/api/guide.md): the published one says what was approved and no more; the work
one says the newest version, what was decided on it and how much is said about it. Times are
ISO 8601 in UTC, offsets code points.
`OFFSET 0` has the few decisions of a version looked up by it: the newest of all is found by going
backwards through everybody's, whenever the planner thinks there are few.
Both are SQL for one row of `annotations_annotation`, and text, so that they can go to a client
without a Python object for each annotation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import JSONField, QuerySet, TextField
from django.db.models.expressions import RawSQL

from annotations.models import Annotation, State, User
from annotations.text.spans import Selector

_PASSAGE = """
    (SELECT json_build_object(
        'id', annotations_annotation.id,
        'kind', annotations_annotation.kind,
        'label', label.name,
        'spans', passage.spans,
        'prefix', passage.prefix,
        'suffix', passage.suffix,
        'fields', version.fields,
        'relations', coalesce((
            SELECT json_agg(
                json_build_object('id', relation.uid, 'type', relation.type, 'to', relation.to_id)
                ORDER BY relation.id)
            FROM annotations_relation relation
            JOIN annotations_annotation target ON target.id = relation.to_id
            WHERE relation.version_id = version.id AND target.{there}), '[]'),
        'source', annotations_annotation.source_id,
        'revision', revision.number,
        'revision_sha256', revision.sha256,
        'state', version.state,
        'version', version.number,
        'author', json_build_object('id', author.id, 'name', author.name),
        'created_at', annotations_annotation.created_at,
        'updated_at', annotations_annotation.{changed}{more})::text
    FROM annotations_version version
    JOIN annotations_label label ON label.id = version.label_id
    JOIN annotations_revision revision ON revision.id = version.revision_id
    JOIN annotations_user author ON author.id = version.author_id
    CROSS JOIN LATERAL (
        SELECT
            json_agg(
                json_build_object('start', span.start, 'end', span."end", 'exact', span.exact)
                ORDER BY span.start) AS spans,
            (array_agg(span.prefix ORDER BY span.start))[1] AS prefix,
            (array_agg(span.suffix ORDER BY span.start DESC))[1] AS suffix
        FROM annotations_span span WHERE span.version_id = version.id
    ) passage
    WHERE version.id = annotations_annotation.{version})
"""
_WORK = """,
        'origin', annotations_annotation.origin,
        'published_version', (
            SELECT published.number FROM annotations_version published
            WHERE published.id = annotations_annotation.published_id),
        'decision', (
            SELECT json_build_object(
                'verdict', decision.verdict, 'note', decision.note, 'by', reviewer.name,
                'at', decision.created_at)
            FROM (
                SELECT d.* FROM annotations_decision d WHERE d.version_id = version.id OFFSET 0
            ) decision
            JOIN annotations_user reviewer ON reviewer.id = decision.by_id
            ORDER BY decision.id DESC LIMIT 1),
        'deleted', annotations_annotation.deleted_at IS NOT NULL,
        'comments', (
            SELECT json_build_object(
                'open', count(DISTINCT root.id) FILTER (WHERE root.resolved_at IS NULL),
                'total', count(*))
            FROM annotations_comment comment
            JOIN annotations_comment root ON root.id = coalesce(comment.thread_id, comment.id)
            WHERE comment.annotation_id = annotations_annotation.id
                AND comment.deleted_at IS NULL)"""

# The approved version; relations lead to published annotations only.
PUBLISHED: Final = _PASSAGE.format(
    version="published_id", there="published_id IS NOT NULL", changed="published_at", more=""
)
# The newest version, with its newest decision and the number of the published version.
WORK: Final = _PASSAGE.format(
    version="head_id", there="deleted_at IS NULL", changed="updated_at", more=_WORK
)


def first_version(
    *,
    id: UUID,
    kind: str,
    label: str,
    selectors: Sequence[Selector],
    fields: Mapping[str, Any],
    relations: Sequence[tuple[UUID, str, UUID]],
    source: UUID,
    revision: int,
    sha256: str,
    author: User,
    at: datetime,
    origin: str,
) -> str:
    """WORK of an annotation that was just written, without asking for what was just said.

    `selectors` are in the order of the text, `relations` are uid, type and target. Says what WORK
    says (tests/queries/annotations/test_work.py).
    """
    moment = _as_the_database_writes(at)
    document = {
        "id": id,
        "kind": kind,
        "label": label,
        "spans": [{"start": s.start, "end": s.end, "exact": s.exact} for s in selectors],
        "prefix": selectors[0].prefix,
        "suffix": selectors[-1].suffix,
        "fields": fields,
        "relations": [{"id": uid, "type": type, "to": to} for uid, type, to in relations],
        "source": source,
        "revision": revision,
        "revision_sha256": sha256,
        "state": State.DRAFT.value,
        "version": 1,
        "author": {"id": author.id, "name": author.name},
        "created_at": moment,
        "updated_at": moment,
        "origin": origin,
        "published_version": None,
        "decision": None,
        "deleted": False,
        "comments": {"open": 0, "total": 0},
    }
    return msgspec.json.encode(document).decode()


def _as_the_database_writes(at: datetime) -> str:
    """Without zeros at the end of the fraction of a second."""
    whole, _, fraction = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}+00:00" if fraction else f"{whole}+00:00"


def documents_of(annotations: QuerySet[Annotation], document: str) -> QuerySet:
    """One JSON object a row, in the order of `annotations`."""
    said = RawSQL(document, [], JSONField())  # noqa: S611 - one of the two constants above
    return annotations.order_by(*annotations.query.order_by).values_list(said, flat=True)


def texts_of(annotations: QuerySet[Annotation], document: str) -> QuerySet:
    """As documents_of, each with its id and as text that nobody has read."""
    said = RawSQL(document, [], TextField())  # noqa: S611 - one of the two constants above
    return annotations.values_list("id", said)

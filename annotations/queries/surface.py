"""A source's annotations for the annotate page: one statement, in which the database writes JSON.

Arrays take the place of objects, so that 10,000 annotations are small and quickly read:

    {"cursor": 7, "people": [[id, name], …], "annotations": [[…], …], "talk": [[…], …]}

An annotation is `[id, kind, label, state, version, published version, author (a place in people),
created at, updated at, revision, spans [start, end, start, end, …], relations [[id, type, to], …],
decision [verdict, note, by, at] or null, origin, fields]`. Times are milliseconds since 1970 in
UTC, offsets code points. Words, prefixes and suffixes are left out: the page has the text. `talk`
has `[id, open threads, comments]` of those annotations about which something is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from annotations.models import Ledger, Source

STATEMENT = """
WITH heads AS (
    SELECT a.id, a.kind, a.origin, a.created_at, a.updated_at, v.id AS version_id, v.number,
           v.state, v.fields, v.author_id, l.name AS label, p.number AS published,
           r.number AS revision
    FROM annotations_annotation a
    JOIN annotations_version v ON v.id = a.head_id
    JOIN annotations_label l ON l.id = v.label_id
    JOIN annotations_revision r ON r.id = v.revision_id
    LEFT JOIN annotations_version p ON p.id = a.published_id
    WHERE a.source_id = %(source)s AND a.deleted_at IS NULL
),
people AS (
    SELECT u.id, u.name, row_number() OVER (ORDER BY u.id) - 1 AS place
    FROM annotations_user u WHERE u.id IN (SELECT author_id FROM heads)
),
spans AS (
    SELECT s.version_id, string_agg(s.start || ',' || s."end", ',' ORDER BY s.start) AS ends
    FROM heads h JOIN annotations_span s ON s.version_id = h.version_id
    GROUP BY s.version_id
),
relations AS (
    SELECT r.version_id, json_agg(json_build_array(r.uid, r.type, r.to_id) ORDER BY r.id) AS links
    FROM heads h JOIN annotations_relation r ON r.version_id = h.version_id
    JOIN annotations_annotation target ON target.id = r.to_id AND target.deleted_at IS NULL
    GROUP BY r.version_id
),
decisions AS (
    SELECT DISTINCT ON (d.version_id) d.version_id, json_build_array(
        d.verdict, d.note, u.name, floor(extract(epoch FROM d.created_at) * 1000)::bigint) AS word
    FROM heads h JOIN annotations_decision d ON d.version_id = h.version_id
    JOIN annotations_user u ON u.id = d.by_id
    ORDER BY d.version_id, d.id DESC
),
talk AS (
    SELECT json_agg(json_build_array(said.annotation_id, said.open, said.total)) AS counts FROM (
        SELECT c.annotation_id, count(*) AS total,
            count(DISTINCT root.id) FILTER (WHERE root.resolved_at IS NULL) AS open
        FROM heads h JOIN annotations_comment c ON c.annotation_id = h.id AND c.deleted_at IS NULL
        JOIN annotations_comment root ON root.id = coalesce(c.thread_id, c.id)
        GROUP BY c.annotation_id
    ) said
),
parts AS (
    SELECT string_agg(
        '["' || h.id || '","' || h.kind || '",' || to_json(h.label) || ',"' || h.state || '",'
        || h.number || ',' || coalesce(h.published::text, 'null') || ',' || people.place || ','
        || floor(extract(epoch FROM h.created_at) * 1000)::bigint || ','
        || floor(extract(epoch FROM h.updated_at) * 1000)::bigint || ','
        || h.revision || ',[' || coalesce(spans.ends, '') || '],'
        || coalesce(relations.links::text, '[]') || ','
        || coalesce(decisions.word::text, 'null') || ','
        || to_json(h.origin) || ',' || h.fields || ']',
        ',' ORDER BY h.id) AS rows
    FROM heads h
    JOIN people ON people.id = h.author_id
    LEFT JOIN spans ON spans.version_id = h.version_id
    LEFT JOIN relations ON relations.version_id = h.version_id
    LEFT JOIN decisions ON decisions.version_id = h.version_id
)
SELECT coalesce(ledger.seq, 0),
    '{"cursor":' || coalesce(ledger.seq, 0)
    || ',"people":' || coalesce(names.list::text, '[]')
    || ',"annotations":[' || coalesce(parts.rows, '') || ']'
    || ',"talk":' || coalesce(talk.counts::text, '[]') || '}'
FROM parts CROSS JOIN talk
CROSS JOIN (SELECT json_agg(json_build_array(id, name) ORDER BY place) AS list FROM people) names
LEFT JOIN annotations_ledger ledger ON ledger.desk_id = %(desk)s
"""


@dataclass(frozen=True)
class CompactSource:
    """JSON in UTF-8 that includes every event up to `cursor` and none after it."""

    cursor: int
    body: bytes


def cursor_of(source: Source) -> int:
    """The last event of the source's desk; one statement."""
    return Ledger.objects.filter(desk=source.desk_id).values_list("seq", flat=True).first() or 0


def compact_source(source: Source) -> CompactSource:
    """The newest version of everything tagged and not deleted, by id; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"source": source.pk, "desk": source.desk_id})
        seq, body = cursor.fetchone()
    return CompactSource(seq, body.encode())

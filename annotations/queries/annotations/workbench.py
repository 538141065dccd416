"""A source's annotations for the annotate page: one statement, in which the database writes JSON.

Arrays take the place of objects, so that 10,000 annotations are small and quickly read:

    {"cursor": 7, "people": [[id, name], …], "annotations": [[…], …], "talk": [[…], …]}

An annotation is `[id, kind, label, state, version, published version, author (a place in people),
created at, updated at, revision, spans [start, end, start, end, …], relations [[id, type, to], …],
decision [verdict, note, by, at] or null, origin, fields]`. Times are milliseconds since 1970 in
UTC, offsets code points. Words, prefixes and suffixes are left out: the page has the text. `talk`
has `[id, open threads, comments]` of those annotations about which something is said.

What belongs to a version is looked up by index for each: joined as a whole, a plan made while the
tables were small compares everything with everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from annotations.models import Source

WITH_NAMES = """
WITH names_of_members AS (
    SELECT coalesce(md5(string_agg(u.id || ' ' || u.name, ',' ORDER BY u.id)), '') AS digest
    FROM annotations_membership m JOIN annotations_user u ON u.id = m.user_id
    WHERE m.desk_id = %(desk)s
)
"""
TAGGED = """, heads AS (
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
talk AS (
    SELECT json_agg(json_build_array(h.id, said.open, said.total)) AS counts
    FROM heads h CROSS JOIN LATERAL (
        SELECT count(*) AS total,
            count(DISTINCT root.id) FILTER (WHERE root.resolved_at IS NULL) AS open
        FROM annotations_comment c
        JOIN annotations_comment root ON root.id = coalesce(c.thread_id, c.id)
        WHERE c.annotation_id = h.id AND c.deleted_at IS NULL
    ) said
    WHERE said.total > 0
),
parts AS (
    SELECT string_agg(
        '["' || h.id || '","' || h.kind || '",' || to_json(h.label) || ',"' || h.state || '",'
        || h.number || ',' || coalesce(h.published::text, 'null') || ',' || people.place || ','
        || floor(extract(epoch FROM h.created_at) * 1000)::bigint || ','
        || floor(extract(epoch FROM h.updated_at) * 1000)::bigint || ','
        || h.revision || ',[' || coalesce(spans.ends, '') || '],'
        || coalesce(relations.links::text, '[]') || ','
        || coalesce(decision.word::text, 'null') || ','
        || to_json(h.origin) || ',' || h.fields || ']',
        ',' ORDER BY h.id) AS rows
    FROM heads h
    JOIN people ON people.id = h.author_id
    CROSS JOIN LATERAL (
        SELECT string_agg(s.start || ',' || s."end", ',' ORDER BY s.start) AS ends
        FROM annotations_span s WHERE s.version_id = h.version_id
    ) spans
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(r.uid, r.type, r.to_id) ORDER BY r.id) AS links
        FROM annotations_relation r
        JOIN annotations_annotation target ON target.id = r.to_id AND target.deleted_at IS NULL
        WHERE r.version_id = h.version_id
    ) relations
    LEFT JOIN LATERAL (
        SELECT json_build_array(d.verdict, d.note, u.name,
            floor(extract(epoch FROM d.created_at) * 1000)::bigint) AS word
        FROM (
            SELECT * FROM annotations_decision WHERE version_id = h.version_id OFFSET 0
        ) d
        JOIN annotations_user u ON u.id = d.by_id
        ORDER BY d.id DESC LIMIT 1
    ) decision ON true
)
SELECT coalesce(ledger.seq, 0),
    '{"cursor":' || coalesce(ledger.seq, 0)
    || ',"people":' || coalesce(names.list::text, '[]')
    || ',"annotations":[' || coalesce(parts.rows, '') || ']'
    || ',"talk":' || coalesce(talk.counts::text, '[]') || '}',
    (SELECT digest FROM names_of_members)
FROM parts CROSS JOIN talk
CROSS JOIN (SELECT json_agg(json_build_array(id, name) ORDER BY place) AS list FROM people) names
LEFT JOIN annotations_ledger ledger ON ledger.desk_id = %(desk)s
"""
STATEMENT = WITH_NAMES + TAGGED
NOW_SAID = """
SELECT coalesce((SELECT seq FROM annotations_ledger WHERE desk_id = %(desk)s), 0), digest
FROM names_of_members
"""
NOW = WITH_NAMES + NOW_SAID


@dataclass(frozen=True)
class State:
    """The desk's last event, and a digest of its members' names: a new name is no event."""

    cursor: int
    names: str


@dataclass(frozen=True)
class CompactSource:
    """JSON in UTF-8 that includes what `state` stands for, and nothing after it."""

    state: State
    body: bytes


def state_of(source: Source) -> State:
    """Of the source's desk now; one statement, which reads as many rows as the desk has members."""
    with connection.cursor() as cursor:
        cursor.execute(NOW, {"desk": source.desk_id})
        return State(*cursor.fetchone())


def compact_source(source: Source) -> CompactSource:
    """The newest version of everything tagged and not deleted, by id; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"source": source.pk, "desk": source.desk_id})
        seq, body, names = cursor.fetchone()
    return CompactSource(State(seq, names), body.encode())

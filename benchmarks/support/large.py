"""A desk of any size in a database of its own, written as sets and past the triggers.

What is published is listed and counted at the end by the database's own function for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Size:
    """Numbers of rows. Of the annotations a tenth is in review, a fiftieth open, the rest published."""

    sources: int
    annotations: int
    records: int
    suggestions: int
    comments: int
    releases: int
    members: int


LARGE = Size(10_000, 1_000_000, 5_000, 50_000, 20_000, 300, 300)

# Ids rise as UUIDv7 does: milliseconds come first.
_ID = (
    "(lpad(to_hex(1700000000000 + {n}), 12, '0') || '7{k}008' || lpad(to_hex({n}), 15, '0'))::uuid"
)


def _id(n: str, kind: int) -> str:
    return _ID.format(n=n, k=f"{kind:01x}0"[:1])


_TEXTS = """
CREATE TEMP TABLE desk AS
    SELECT d.id, (SELECT max(id) FROM annotations_codebook WHERE desk_id = d.id) AS codebook,
        (SELECT coalesce(max(seq), 0) FROM annotations_ledger WHERE desk_id = d.id) AS seq,
        (SELECT max(at) FROM annotations_event WHERE desk_id = d.id) AS at
    FROM annotations_desk d WHERE d.slug = %(desk)s;
INSERT INTO annotations_user
    SELECT (jsonb_populate_record(u, jsonb_build_object(
        'id', gen_random_uuid(), 'email', 'member' || n || '@large.example', 'name', 'Member ' || n))).*
    FROM generate_series(1, %(members)s) n, (
        SELECT p FROM annotations_user p JOIN annotations_membership m ON m.user_id = p.id
        JOIN desk ON desk.id = m.desk_id ORDER BY p.id LIMIT 1) one (u);
INSERT INTO annotations_membership (desk_id, user_id, role)
    SELECT desk.id, u.id, 'editor' FROM desk, annotations_user u WHERE u.email LIKE '%%@large.example';
CREATE TEMP TABLE people AS
    SELECT u.id, row_number() OVER (ORDER BY m.role = 'manager' DESC, u.email) - 1 AS place
    FROM annotations_membership m JOIN annotations_user u ON u.id = m.user_id
    JOIN desk ON desk.id = m.desk_id
    WHERE m.role <> 'reader';
CREATE TEMP TABLE size AS SELECT count(*) AS people FROM people;
INSERT INTO annotations_source
        (id, desk_id, title, publisher, author, url, language, licence, created_by_id, created_at)
    SELECT {source}, desk.id, 'Report ' || n || ' on the talks', 'Publisher ' || n %% 97,
        'Author ' || n %% 311, 'https://news.example/' || n, CASE WHEN n %% 3 = 0 THEN 'tr' ELSE 'en' END,
        '', people.id, now() - ((%(sources)s - n) * interval '1 minute')
    FROM generate_series(1, %(sources)s) n, desk, size
    JOIN people ON true WHERE people.place = n %% size.people;
CREATE TEMP TABLE words AS
    SELECT row_number() OVER () - 1 AS place, a || b || c AS word
    FROM unnest('{{ba,ku,an,ka,ra,ye,van,tal,ish,min}}'::text[]) a,
        unnest('{{mo,ri,de,lo,shi,ta,gar,pen,os,ul}}'::text[]) b,
        unnest('{{n,r,st,m,l,k,d,s,t,b}}'::text[]) c;
CREATE INDEX ON words (place);
CREATE TEMP TABLE texts AS
    SELECT n, {source} AS source_id, (
        SELECT string_agg(
            w.word || CASE WHEN k %% 40 = 0 THEN E'.\\n\\n' WHEN k %% 11 = 0 THEN '. ' ELSE ' ' END, '' ORDER BY k)
        FROM generate_series(1, 250) k JOIN words w ON w.place = (n * 7919 + k * k * 31 + k) %% 1000
    ) || n AS text
    FROM generate_series(1, %(sources)s) n;
INSERT INTO annotations_revision
        (source_id, number, text, length, sha256, original, original_name, importer,
         importer_version, warnings, created_by_id, created_at)
    SELECT t.source_id, 1, t.text, length(t.text), encode(sha256(convert_to(t.text, 'UTF8')), 'hex'),
        '', '', 'pasted', '1', '[]', s.created_by_id, s.created_at
    FROM texts t JOIN annotations_source s ON s.id = t.source_id;
INSERT INTO annotations_entity (id, desk_id, name, type, aliases, wikidata)
    SELECT gen_random_uuid(), desk.id, 'Record ' || n, 'place', ARRAY['Alias ' || n], 'Q' || n
    FROM generate_series(1, %(records)s) n, desk;
"""
_MADE = """
CREATE TEMP TABLE records AS
    SELECT row_number() OVER (ORDER BY e.name) - 1 AS place, e.id
    FROM annotations_entity e JOIN desk ON desk.id = e.desk_id WHERE e.name LIKE 'Record %%';
CREATE INDEX ON records (place);
CREATE TEMP TABLE labels AS
    SELECT l.id, l.kind, row_number() OVER (PARTITION BY l.kind ORDER BY l.id) - 1 AS place,
        count(*) OVER (PARTITION BY l.kind) AS of_kind
    FROM annotations_label l JOIN desk ON desk.codebook = l.codebook_id;
CREATE TEMP TABLE rooms AS
    SELECT t.n %% %(sources)s AS place, t.source_id, r.id AS revision_id, r.text, r.length
    FROM texts t JOIN annotations_revision r ON r.source_id = t.source_id;
CREATE INDEX ON rooms (place);
ANALYZE records; ANALYZE rooms; ANALYZE labels;
CREATE TEMP TABLE made AS
    SELECT n, desk.id AS desk_id, t.source_id, t.revision_id, k.kind, l.id AS label_id,
        {annotation} AS id,
        CASE WHEN (n / 10) %% 10 = 3 THEN 'submitted' WHEN (n / 10) %% 100 = 4 THEN 'draft'
            WHEN (n / 10) %% 100 = 14 THEN 'returned' ELSE 'approved' END AS state,
        (SELECT coalesce(max(id), 0) FROM annotations_version) + n AS version_id,
        (n / %(sources)s * 7) %% (t.length - 80) AS start, 20 + (n %% 40)::int AS length, t.text,
        author.id AS author_id,
        now() - ((%(annotations)s - n) * interval '1 second') AS at,
        CASE k.kind
            WHEN 'claim' THEN jsonb_build_object(
                'normalized', 'Claim ' || n || ' in a sentence of its own.',
                'claimant', 'Spokesman ' || n %% 977, 'verdict',
                CASE WHEN n %% 1000 = 7 THEN 'misleading' ELSE 'supported' END)
            WHEN 'quote' THEN jsonb_build_object(
                'speaker', 'Speaker ' || n %% 1009, 'cue', 'said', 'affiliation', 'Office ' || n %% 101)
            WHEN 'flag' THEN jsonb_build_object('note', 'Look at number ' || n)
            ELSE jsonb_build_object('entity', e.id)
        END AS fields
    FROM generate_series(1, %(annotations)s) n
    CROSS JOIN desk CROSS JOIN size
    JOIN rooms t ON t.place = n %% %(sources)s
    JOIN people author ON author.place = CASE WHEN n %% 3 = 0 THEN 0 ELSE n %% size.people END
    LEFT JOIN records e ON e.place = CASE WHEN n %% 7 = 0 THEN 0 ELSE (n / 10 * 13) %% %(records)s END
    CROSS JOIN LATERAL (
        SELECT CASE WHEN n %% 10 < 6 THEN 'entity' WHEN n %% 10 < 8 THEN 'claim'
            WHEN n %% 10 = 8 THEN 'quote' ELSE 'flag' END AS kind) k
    JOIN labels l ON l.kind = k.kind AND l.place = (n / 10) %% l.of_kind;
CREATE INDEX ON made (n); CREATE INDEX ON made (id); ANALYZE made;
"""
_ROWS = """
INSERT INTO annotations_annotation (id, desk_id, source_id, kind, head_id, published_id,
        published_at, created_by_id, created_at, updated_at, origin, state, author_id, submitted_at)
    SELECT id, desk_id, source_id, kind, version_id,
        CASE state WHEN 'approved' THEN version_id END, CASE state WHEN 'approved' THEN at END,
        author_id, at, at, '', state, author_id, CASE WHEN state <> 'draft' THEN at END
    FROM made ORDER BY n;
INSERT INTO annotations_version (id, annotation_id, number, revision_id, label_id, fields, state,
        author_id, created_at, submitted_at)
    SELECT version_id, id, 1, revision_id, label_id, fields, state, author_id, at,
        CASE WHEN state <> 'draft' THEN at END
    FROM made ORDER BY n;
INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix)
    SELECT version_id, start, start + length, substr(text, start::int + 1, length),
        substr(text, greatest(start::int - 31, 1), least(start::int, 32)),
        substr(text, start::int + 1 + length, 32)
    FROM made ORDER BY n;
INSERT INTO annotations_newestwords (annotation_id, desk_id, words)
    SELECT id, desk_id, imprimatur_words_of_version(version_id) FROM made ORDER BY n;
INSERT INTO annotations_relation (uid, version_id, type, to_id)
    SELECT gen_random_uuid(), m.version_id,
        CASE m.kind WHEN 'quote' THEN 'said_by' ELSE 'about' END, t.id
    FROM made m JOIN made t ON t.n = m.n - m.n %% 10 AND t.kind = 'entity'
    WHERE m.kind IN ('quote', 'claim') ORDER BY m.n;
INSERT INTO annotations_relation (uid, version_id, type, to_id)
    SELECT gen_random_uuid(), m.version_id, 'contradicts', t.id
    FROM made m JOIN made t ON t.n = m.n - 10 AND t.kind = 'claim'
    WHERE m.kind = 'claim' AND m.n %% 100 = 17 ORDER BY m.n;
INSERT INTO annotations_decision (version_id, verdict, note, by_id, created_at)
    SELECT version_id, CASE state WHEN 'approved' THEN 'approve' ELSE 'return' END,
        CASE state WHEN 'approved' THEN '' ELSE 'Say where it stands.' END,
        (SELECT p.id FROM people p WHERE p.id <> made.author_id LIMIT 1), at
    FROM made WHERE state IN ('approved', 'returned') ORDER BY n;
INSERT INTO annotations_event (desk_id, seq, type, actor_id, source_id, annotation_id, version,
        note, at)
    SELECT desk.id, desk.seq + row_number() OVER (ORDER BY made.n, step.type DESC), step.type,
        author_id, source_id, made.id, 1, '', made.at
    FROM made CROSS JOIN desk
    JOIN (VALUES ('annotation.created'), ('annotation.approved')) step (type)
        ON step.type = 'annotation.created' OR made.state = 'approved'
    ORDER BY 2;
INSERT INTO annotations_comment (id, desk_id, annotation_id, author_id, body, created_at)
    SELECT {comment}, desk_id, id, author_id, 'Is this so?', at
    FROM made WHERE n <= %(comments)s;
INSERT INTO annotations_mention (comment_id, user_id)
    SELECT c.id, (SELECT id FROM people WHERE place = 0) FROM annotations_comment c
    JOIN desk ON desk.id = c.desk_id ORDER BY c.id;
INSERT INTO annotations_suggestion (id, desk_id, source_id, revision_id, kind, label_id, fields,
        start, "end", exact, prefix, suffix, origin, proposed_by_id, created_at, state)
    SELECT {suggestion}, m.desk_id, m.source_id, m.revision_id, 'entity', m.label_id,
        m.fields, m.start, m.start + m.length,
        substr(m.text, m.start::int + 1, m.length), '', '', 'occurrences/1', m.author_id, m.at, 'open'
    FROM made m WHERE m.kind = 'entity' AND m.n <= %(suggestions)s * 5 / 3;
INSERT INTO annotations_release (desk_id, number, notes, annotation_count, ledger_seq,
        manifest_sha256, previous_sha256, created_by_id, created_at)
    SELECT desk.id, n + (SELECT coalesce(max(number), 0) FROM annotations_release WHERE desk_id = desk.id),
        'Weekly', n * 100, desk.seq + n * (%(annotations)s / %(releases)s), '', '', p.id, now()
    FROM generate_series(1, %(releases)s) n, desk, people p WHERE p.place = 0;
INSERT INTO annotations_releasefile (release_id, name, media_type, size, sha256, file)
    SELECT r.id, 'file-' || n || '.zip', 'application/zip', 10, repeat('a', 64), 'none'
    FROM annotations_release r JOIN desk ON desk.id = r.desk_id, generate_series(1, 18) n
    WHERE r.notes = 'Weekly';
UPDATE annotations_ledger l SET seq = (SELECT max(seq) FROM annotations_event e WHERE e.desk_id = l.desk_id)
    FROM desk WHERE desk.id = l.desk_id;
SELECT setval(pg_get_serial_sequence('annotations_version', 'id'), max(id))
    FROM annotations_version;
"""
# As approvals do it, many at once: the read model and the counters of what is published.
_LISTED = """
SELECT imprimatur_publish(array_agg(id))
FROM (SELECT id, n / 5000 AS batch FROM made WHERE state = 'approved') m GROUP BY batch
"""
# Indexes that no statement of the filling needs are made at its end, which is quicker.
_LATER = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexdef NOT LIKE 'CREATE UNIQUE%%' AND tablename = ANY(%s)"""
_TABLES = [
    f"annotations_{name}"
    for name in ("annotation", "version", "span", "newestwords", "relation", "event")
]


def fill(url: str, desk: str, size: Size) -> None:
    """Makes the desk that large, in one transaction."""
    values = {"desk": desk, **vars(size)}
    ids = {
        "source": _id("n", 1),
        "annotation": _id("n", 2),
        "comment": _id("n", 3),
        "suggestion": _id("n", 4),
    }
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        connection.execute("SET LOCAL work_mem = '256MB'")
        connection.execute(_filled(_TEXTS, ids), values)
        later = connection.execute(_LATER, [_TABLES]).fetchall()
        connection.execute(_filled(_MADE, ids), values)
        connection.execute("SET LOCAL session_replication_role = replica")
        for name, _ in later:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        connection.execute(_filled(_ROWS, ids), values)
        for _, definition in later:
            connection.execute(definition)
        connection.execute("SET LOCAL session_replication_role = origin")
        connection.execute(_LISTED)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _filled(statements: LiteralString, ids: dict[str, str]) -> str:
    return statements.format(**ids)

"""Very many published annotations on the sample desk, written as sets and past the triggers."""

from __future__ import annotations

import random
from pathlib import Path
from uuid import uuid4

import psycopg

from benchmarks.support.scratch import Product
from benchmarks.support.sources import REVISION, SOURCE, values_of

TEXTS = 1_000
WORDS = 250  # in each text
RECORDS = 50  # of the register
BIG = 256 << 20  # bytes of the file of the release
SYLLABLES = ["ba", "ku", "an", "ka", "ra", "ye", "van", "tal", "ish", "min", "nor", "dag", "mol"]

# `made` has a row for each annotation. Ids rise as UUIDv7 does: milliseconds come first.
MADE = """
CREATE TEMP TABLE texts AS
    SELECT row_number() OVER (ORDER BY r.id) - 1 AS place, r.id, r.source_id, r.text, r.length
    FROM annotations_revision r JOIN annotations_source s ON s.id = r.source_id
    WHERE s.title = 'A long text';
CREATE TEMP TABLE records AS
    SELECT row_number() OVER (ORDER BY e.id) - 1 AS place, e.id
    FROM annotations_entity e JOIN annotations_desk d ON d.id = e.desk_id
    WHERE d.slug = '{desk}' AND e.name LIKE 'Record %';
CREATE TEMP TABLE labels AS
    SELECT l.id, l.kind, row_number() OVER (PARTITION BY l.kind ORDER BY l.id) - 1 AS place,
        count(*) OVER (PARTITION BY l.kind) AS of_kind
    FROM annotations_label l
    JOIN annotations_codebook c ON c.id = l.codebook_id
    JOIN annotations_desk d ON d.id = c.desk_id WHERE d.slug = '{desk}';
CREATE TEMP TABLE made AS
    SELECT n, d.id AS desk_id, t.source_id, t.id AS revision_id, k.kind, l.id AS label_id,
        (lpad(to_hex(1900000000000 + n), 12, '0') || '7000800000000000' || lpad(
            to_hex(n % 65536), 4, '0'))::uuid AS id,
        (SELECT coalesce(max(id), 0) FROM annotations_version) + n AS version_id,
        (n / {texts} * 7) % (t.length - 80) AS start, 20 + (n % 40)::int AS length, t.text,
        now() - (({count} - n) * interval '1 second') AS at,
        CASE k.kind
            WHEN 'claim' THEN jsonb_build_object(
                'normalized', 'Claim ' || n || ' in a sentence of its own.',
                'claimant', 'A Spokesman', 'verdict', 'supported')
            WHEN 'quote' THEN jsonb_build_object('speaker', 'Speaker ' || n % 100, 'cue', 'said')
            WHEN 'flag' THEN jsonb_build_object('note', 'Look at number ' || n)
            ELSE jsonb_build_object('entity', (
                SELECT e.id FROM records e WHERE e.place = n % {records}))
        END AS fields
    FROM generate_series(1, {count}) n
    JOIN annotations_desk d ON d.slug = '{desk}'
    JOIN texts t ON t.place = n % {texts}
    CROSS JOIN LATERAL (
        SELECT CASE WHEN n % 10 < 6 THEN 'entity' WHEN n % 10 < 8 THEN 'claim'
            WHEN n % 10 = 8 THEN 'quote' ELSE 'flag' END AS kind) k
    JOIN labels l ON l.kind = k.kind AND l.place = (n / 10) % l.of_kind;
"""
ROWS = """
SET LOCAL session_replication_role = replica;
INSERT INTO annotations_annotation (id, desk_id, source_id, kind, head_id, published_id,
        published_at, created_by_id, created_at, updated_at, origin)
    SELECT id, desk_id, source_id, kind, version_id, version_id, at, '{author}', at, at, ''
    FROM made ORDER BY n;
INSERT INTO annotations_version (id, annotation_id, number, revision_id, label_id, fields, state,
        author_id, created_at, submitted_at)
    SELECT version_id, id, 1, revision_id, label_id, fields, 'approved', '{author}', at, at
    FROM made ORDER BY n;
INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix)
    SELECT version_id, start, start + length, substr(text, start::int + 1, length),
        substr(text, greatest(start::int - 31, 1), least(start::int, 32)),
        substr(text, start::int + 1 + length, 32)
    FROM made ORDER BY n;
INSERT INTO annotations_relation (uid, version_id, type, to_id)
    SELECT gen_random_uuid(), m.version_id,
        CASE m.kind WHEN 'quote' THEN 'said_by' ELSE 'about' END, t.id
    FROM made m JOIN made t ON t.n = m.n - m.n % 10 AND t.kind = 'entity'
    WHERE m.kind IN ('quote', 'claim') ORDER BY m.n;
INSERT INTO annotations_event (desk_id, seq, type, actor_id, source_id, annotation_id, version,
        note, at)
    SELECT desk_id, n + (SELECT seq FROM annotations_ledger l WHERE l.desk_id = made.desk_id),
        'annotation.approved', '{author}', source_id, id, 1, '', at
    FROM made ORDER BY n;
UPDATE annotations_ledger l SET seq = seq + {count}
    FROM annotations_desk d WHERE d.id = l.desk_id AND d.slug = '{desk}';
SELECT setval(pg_get_serial_sequence('annotations_version', 'id'), max(id))
    FROM annotations_version;
"""
# Indexes that no statement of the filling needs are made at its end, which is quicker.
LATER = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexdef NOT LIKE 'CREATE UNIQUE%%' AND tablename = ANY(%s)"""
TABLES = [f"annotations_{name}" for name in ("annotation", "version", "span", "relation", "event")]
RELEASE = """
INSERT INTO annotations_release (desk_id, number, notes, annotation_count, manifest_sha256,
        previous_sha256, created_by_id, created_at)
    SELECT id, 1, '', 0, '', '', %(author)s, now() FROM annotations_desk WHERE slug = %(desk)s
    RETURNING id"""
FILE = """
INSERT INTO annotations_releasefile (release_id, name, media_type, size, sha256, file)
    VALUES (%s, 'annotations.jsonl', 'application/jsonl', %s, 'abc', 'releases/big.jsonl')"""


def publish(product: Product, count: int) -> None:
    """So many published annotations with their versions, spans, relations and events."""
    with psycopg.connect(product.database_url) as connection:
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        connection.execute("SET LOCAL work_mem = '256MB'")
        _write_texts(connection)
        _write_records(connection, product)
        author = _author(connection)
        said = {"desk": product.desk, "count": count, "texts": TEXTS, "records": RECORDS}
        later = connection.execute(LATER, [TABLES]).fetchall()
        for name, _ in later:
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute(MADE.format(**said))
        connection.execute(ROWS.format(**said, author=author))
        for _, definition in later:
            connection.execute(definition)
    with psycopg.connect(product.database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def big_file(product: Product) -> str:
    """The path, in the published API, of a release's file of BIG bytes."""
    path = Path(product.environment["DATA_DIR"]) / "files" / "releases" / "big.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for _ in range(BIG >> 20):
            file.write(b"x" * (1 << 20))
    with psycopg.connect(product.database_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        values = {"desk": product.desk, "author": _author(connection)}
        release = connection.execute(RELEASE, values).fetchone()
        connection.execute(FILE, [*(release or ()), BIG])
    return f"/api/v1/desks/{product.desk}/releases/1/files/annotations.jsonl"


def _write_texts(connection: psycopg.Connection) -> None:
    chance = random.Random(7)  # noqa: S311 - the same each time
    vocabulary = [_word(chance) for _ in range(4_000)]
    for _ in range(TEXTS):
        values = values_of(" ".join(chance.choice(vocabulary) for _ in range(WORDS)))
        connection.execute(SOURCE, values)
        connection.execute(REVISION, values)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(1, 4)))


def _write_records(connection: psycopg.Connection, product: Product) -> None:
    for number in range(RECORDS):
        connection.execute(
            """INSERT INTO annotations_entity (id, desk_id, name, type, aliases, wikidata)
                SELECT %s, id, %s, 'place', '{}', '' FROM annotations_desk WHERE slug = %s""",
            [uuid4(), f"Record {number}", product.desk],
        )


def _author(connection: psycopg.Connection) -> object:
    row = connection.execute("SELECT created_by_id FROM annotations_source LIMIT 1").fetchone()
    if row is None:
        raise RuntimeError("The sample corpus has no source.")
    return row[0]

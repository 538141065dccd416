-- Annotations of one desk with all that belongs to them, by any people on any sources, those whose
-- id is not in use yet; returns their ids.
-- Rows are written in the order of ids, so that two writers of the same ones cannot wait in a ring;
-- events come last and in the order that was asked for, since they hold the ledger.
WITH draft AS MATERIALIZED (
    SELECT *, nextval('annotations_version_id_seq') AS version
    FROM jsonb_to_recordset(%(drafts)s::jsonb) AS draft (
        position integer, source uuid, revision bigint, person uuid, id uuid, kind text,
        origin text, label bigint, fields jsonb, spans jsonb, links jsonb
    )
), written AS MATERIALIZED (
    INSERT INTO annotations_annotation
        (id, desk_id, source_id, kind, origin, head_id, created_by_id, created_at, updated_at)
    SELECT
        id, %(desk)s::uuid, source, kind, origin, version, person, %(now)s::timestamptz,
        %(now)s::timestamptz
    FROM draft ORDER BY id
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), fresh AS MATERIALIZED ( -- IS TRUE keeps it a look-up: a join would be planned row by row
    SELECT draft.* FROM draft WHERE (id IN (SELECT id FROM written)) IS TRUE
), versions AS (
    INSERT INTO annotations_version
        (id, annotation_id, number, revision_id, label_id, fields, state, author_id, created_at)
    SELECT
        version, id, 1, revision, label, fields, 'draft', person, %(now)s::timestamptz
    FROM fresh
), spans AS (
    INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix)
    SELECT fresh.version, span.start, span."end", span.exact, span.prefix, span.suffix
    FROM fresh CROSS JOIN LATERAL jsonb_to_recordset(fresh.spans) AS span (
        start integer, "end" integer, exact text, prefix text, suffix text
    )
), relations AS (
    INSERT INTO annotations_relation (version_id, uid, type, to_id)
    SELECT fresh.version, link.uid, link.type, link."to"
    FROM fresh CROSS JOIN LATERAL jsonb_to_recordset(fresh.links) AS link (
        uid uuid, type text, "to" uuid
    )
), events AS (
    INSERT INTO annotations_event
        (desk_id, seq, type, actor_id, source_id, annotation_id, version, note, at)
    SELECT
        %(desk)s::uuid, 0, %(event)s, person, source, id, 1, '', %(now)s::timestamptz
    FROM fresh ORDER BY position
)
SELECT id FROM written

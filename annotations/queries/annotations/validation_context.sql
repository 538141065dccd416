-- What the database knows of sources and of what is to be written on them: a row for each question,
-- in their order. `OFFSET 0` has each row looked up by its id alone: a plan could as well go through
-- all rows of the desk.
SELECT
    source.id IS NOT NULL,
    (SELECT m.role FROM annotations_membership m
     JOIN annotations_user person ON person.id = m.user_id AND person.is_active
     WHERE m.desk_id = source.desk_id AND m.user_id = question.person),
    (SELECT c.id FROM annotations_codebook c
     WHERE c.desk_id = source.desk_id ORDER BY c.version DESC LIMIT 1),
    revision.id,
    revision.number,
    revision.sha256,
    revision.length,
    ARRAY(
        SELECT CASE WHEN last > revision.length + 32 THEN '' ELSE substr(
            CASE WHEN first / 1024 = (last - 1) / 1024 THEN begun.text ELSE (
                SELECT string_agg(c.text, '' ORDER BY c.number) FROM annotations_chunk c
                WHERE c.revision_id = revision.id
                AND c.number BETWEEN first / 1024 AND (last - 1) / 1024
            ) END,
            first %% 1024 + 1, last - first
        ) END
        FROM unnest(question.firsts::integer[], question.lasts::integer[]) WITH ORDINALITY
            AS asked (first, last, position)
        LEFT JOIN annotations_chunk begun
            ON begun.revision_id = revision.id AND begun.number = first / 1024
        ORDER BY position
    ),
    (SELECT json_object_agg(a.id, json_build_array(a.source_id, a.created_by_id))::text
     FROM unnest(question.ids::uuid[]) AS asked (id) JOIN annotations_annotation a USING (id)),
    (SELECT json_object_agg(a.id, a.kind)::text
     FROM unnest(question.targets::uuid[]) AS asked (id) CROSS JOIN LATERAL (
         SELECT t.* FROM annotations_annotation t WHERE t.id = asked.id OFFSET 0
     ) a
     WHERE a.desk_id = source.desk_id AND a.deleted_at IS NULL),
    ARRAY(
        SELECT e.id
        FROM unnest(question.records::uuid[]) AS asked (id) CROSS JOIN LATERAL (
            SELECT r.id, r.desk_id FROM annotations_entity r WHERE r.id = asked.id OFFSET 0
        ) e
        WHERE e.desk_id = source.desk_id
    )
FROM unnest(
    %(sources)s::text::uuid[], %(people)s::text::uuid[], %(revisions)s::text::bigint[],
    %(ids)s::text::text[], %(firsts)s::text::text[], %(lasts)s::text::text[],
    %(targets)s::text::text[], %(records)s::text::text[]
) WITH ORDINALITY
    AS question (source, person, revision, ids, firsts, lasts, targets, records, position)
LEFT JOIN LATERAL (
    SELECT s.id, s.desk_id FROM annotations_source s WHERE s.id = question.source OFFSET 0
) source ON source.desk_id = %(desk)s::uuid
LEFT JOIN LATERAL (
    SELECT r.id, r.number, r.sha256, r.length FROM annotations_revision r
    WHERE r.source_id = source.id AND (question.revision IS NULL OR r.id = question.revision)
    ORDER BY r.number DESC LIMIT 1
) revision ON true
ORDER BY question.position

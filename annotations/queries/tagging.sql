-- What the database knows of a source and of what is to be written on it.
SELECT
    (SELECT m.role FROM annotations_membership m
     JOIN annotations_user person ON person.id = m.user_id AND person.is_active
     WHERE m.desk_id = source.desk_id AND m.user_id = %(person)s::uuid),
    (SELECT c.id FROM annotations_codebook c
     WHERE c.desk_id = source.desk_id ORDER BY c.version DESC LIMIT 1),
    revision.id,
    revision.length,
    ARRAY(
        SELECT coalesce((
            SELECT substr(string_agg(c.text, '' ORDER BY c.number), first %% 4096 + 1, last - first)
            FROM annotations_chunk c
            WHERE c.revision_id = revision.id AND last <= revision.length + 32
            AND c.number BETWEEN first / 4096 AND (last - 1) / 4096
        ), '')
        FROM unnest(%(firsts)s::integer[], %(lasts)s::integer[]) WITH ORDINALITY
            AS asked (first, last, position)
        ORDER BY position
    ),
    (SELECT json_object_agg(a.id, json_build_array(a.source_id, a.created_by_id))::text
     FROM annotations_annotation a WHERE a.id = ANY (%(ids)s::uuid[])),
    (SELECT json_object_agg(a.id, a.kind)::text
     FROM annotations_annotation a
     WHERE a.id = ANY (%(targets)s::uuid[]) AND a.desk_id = source.desk_id
     AND a.deleted_at IS NULL),
    ARRAY(
        SELECT e.id FROM annotations_entity e
        WHERE e.id = ANY (%(records)s::uuid[]) AND e.desk_id = source.desk_id
    )
FROM annotations_source source
LEFT JOIN LATERAL (
    SELECT r.id, r.length FROM annotations_revision r
    WHERE r.source_id = source.id AND (%(revision)s::bigint IS NULL OR r.id = %(revision)s::bigint)
    ORDER BY r.number DESC LIMIT 1
) revision ON true
WHERE source.id = %(source)s::uuid AND source.desk_id = %(desk)s::uuid

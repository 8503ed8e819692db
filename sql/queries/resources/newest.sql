-- A page of an entity's documents, newest first, after ($3, $4).
SELECT id, NULL::bigint AS number, body::text AS body, version, created_at, updated_at, external_id
FROM documents
WHERE restaurant_id = $1 AND entity = $2 AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC
LIMIT $5 OFFSET $6

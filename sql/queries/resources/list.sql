-- A page of an entity's documents, newest first; $3 holds the members that they must have, with these values.
SELECT id, number, body::text AS body, version, created_at, updated_at, external_id
FROM resources
WHERE restaurant_id = $1 AND entity = $2 AND body @> $3::jsonb
ORDER BY created_at DESC, id DESC
LIMIT $4 OFFSET $5

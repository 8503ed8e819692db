-- The same of the one that another system called $8, where it has all members of $7.
SELECT id, NULL::bigint AS number, body::text AS body, version, created_at, updated_at, external_id
FROM documents
WHERE restaurant_id = $1 AND entity = $2 AND (created_at, id) < ($3, $4)
  AND external_id = $8 AND body @> $7::jsonb
ORDER BY created_at DESC, id DESC
LIMIT $5 OFFSET $6

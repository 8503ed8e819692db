SELECT id, number, body::text AS body, version, created_at, updated_at, external_id
FROM resources
WHERE restaurant_id = $1 AND entity = $2 AND id = $3

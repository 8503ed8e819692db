SELECT id, name, created_at, external_id
FROM tables
WHERE restaurant_id = $1 AND (id = ANY ($2::uuid[]) OR name = ANY ($3::text[]))

-- A page of tables, newest first, after ($2, $3) where given.
SELECT id, name, created_at
FROM tables
WHERE restaurant_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $4

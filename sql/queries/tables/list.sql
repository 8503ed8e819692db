-- A page of tables, newest first, after ($2, $3).
SELECT id, name, created_at, external_id
FROM tables
WHERE restaurant_id = $1
  AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT $4

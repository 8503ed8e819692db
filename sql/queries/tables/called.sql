-- The same of the table that another system called $5.
SELECT id, name, created_at, external_id
FROM tables
WHERE restaurant_id = $1
  AND (created_at, id) < ($2, $3)
  AND external_id = $5
ORDER BY created_at DESC, id DESC
LIMIT $4

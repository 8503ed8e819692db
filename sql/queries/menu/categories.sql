-- A page of categories, newest first, after ($2, $3).
SELECT id, name, position, version, created_at, updated_at
FROM menu_categories
WHERE restaurant_id = $1
  AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT $4

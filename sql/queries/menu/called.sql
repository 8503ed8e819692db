-- The same of the dish that another system called $5.
SELECT id, name, category, price, course, station, available, remaining, until, version, created_at, updated_at, removed_at, external_id
FROM menu_items
WHERE restaurant_id = $1 AND removed_at IS NULL
  AND (created_at, id) < ($2, $3)
  AND external_id = $5
ORDER BY created_at DESC, id DESC
LIMIT $4

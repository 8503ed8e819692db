-- A page of stations, newest first, after ($2, $3).
SELECT id, name, categories, warn_after_s, late_after_s, is_default, version, created_at, updated_at
FROM stations
WHERE restaurant_id = $1
  AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT $4

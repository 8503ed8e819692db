-- The same of the user whom another system called $5.
SELECT id, restaurant_id, email, name, role, created_at, external_id, version, coalesce(updated_at, created_at) AS updated_at
FROM users
WHERE restaurant_id = $1 AND removed_at IS NULL AND NOT device
  AND (created_at, id) < ($2, $3)
  AND external_id = $5
ORDER BY created_at DESC, id DESC
LIMIT $4

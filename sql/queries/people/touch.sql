-- Something else is shown of the user $2 now.
UPDATE users
SET version = version + 1, updated_at = now()
WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL AND NOT device
RETURNING id, restaurant_id, email, name, role, created_at, external_id, version, coalesce(updated_at, created_at) AS updated_at

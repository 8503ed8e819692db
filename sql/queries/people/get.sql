-- The user $2 of the restaurant $1.
SELECT id, restaurant_id, email, name, role, created_at, external_id, version, coalesce(updated_at, created_at) AS updated_at
FROM users
WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL AND NOT device

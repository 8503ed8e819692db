-- The user $2 of the restaurant $1, to log in.
SELECT id, restaurant_id, email, name, role, password_hash
FROM users
WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL AND NOT device

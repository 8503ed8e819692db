-- Who works in the restaurant $1, by name.
SELECT id, name
FROM users
WHERE restaurant_id = $1 AND removed_at IS NULL AND NOT device
ORDER BY name, id

-- Who may be connected in the restaurant $1: its people and its displays, by what they are called.
SELECT id, name, device
FROM users
WHERE restaurant_id = $1 AND removed_at IS NULL

-- The users $2 and every owner of the restaurant $1, locked in one order: two who demote each other take turns.
-- Logins may be opened meanwhile; no id changes.
SELECT id, restaurant_id, email, name, role, created_at, external_id, version, coalesce(updated_at, created_at) AS updated_at
FROM users
WHERE restaurant_id = $1 AND removed_at IS NULL AND NOT device AND (id = ANY ($2::uuid[]) OR role = 'OWNER')
ORDER BY id
FOR NO KEY UPDATE

-- The invite $2, locked.
SELECT id, role, note, created_by, created_at, expires_at, used_at, used_by, revoked_at, expires_at <= now() AS expired
FROM invites
WHERE restaurant_id = $1 AND id = $2
FOR UPDATE

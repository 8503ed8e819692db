-- A page of the invites of the restaurant $1, newest first, after ($2, $3).
SELECT id, role, note, created_by, created_at, expires_at, used_at, used_by, revoked_at, expires_at <= now() AS expired
FROM invites
WHERE restaurant_id = $1
  AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT $4

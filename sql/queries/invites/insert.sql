-- An invite good for $7 seconds.
INSERT INTO invites (restaurant_id, id, hash, role, note, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
RETURNING id, role, note, created_by, created_at, expires_at, used_at, used_by, revoked_at, false AS expired

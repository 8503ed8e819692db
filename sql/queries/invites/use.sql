UPDATE invites SET used_at = now(), used_by = $3
WHERE restaurant_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL

UPDATE invites SET revoked_at = now()
WHERE restaurant_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL

-- Ends the logins of the user $2 for the reason $3, but for $4 (may be null).
UPDATE logins
SET revoked_at = now(), revoked_why = $3
WHERE restaurant_id = $1 AND user_id = $2 AND revoked_at IS NULL AND ($4::uuid IS NULL OR id <> $4)
RETURNING id

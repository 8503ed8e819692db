-- Ends the login $2, for the reason $3; once.
UPDATE logins
SET revoked_at = now(), revoked_why = $3
WHERE restaurant_id = $1 AND id = $2 AND revoked_at IS NULL

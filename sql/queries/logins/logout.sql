-- Ends the login $2 for whoever holds a token of it, used or not: the hash $3 is the proof.
UPDATE logins l
SET revoked_at = now(), revoked_why = 'logout'
FROM refresh_tokens t
WHERE t.restaurant_id = $1 AND t.login_id = $2 AND t.hash = $3
  AND l.restaurant_id = t.restaurant_id AND l.id = t.login_id AND l.revoked_at IS NULL

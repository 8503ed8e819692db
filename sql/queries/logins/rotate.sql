-- Uses the token $3 of the login $2 up and puts $5 in its place for $6 seconds: compare and set, no row where another was
-- faster. $4 is the hash of the Idempotency-Key, or null. The login lives on for $7 seconds; tokens past their time go.
WITH used AS (
    UPDATE refresh_tokens
    SET used_at = now(), used_key_hash = $4, successor = $5
    WHERE restaurant_id = $1 AND login_id = $2 AND hash = $3 AND used_at IS NULL AND expires_at > now()
    RETURNING restaurant_id, login_id
), made AS (
    INSERT INTO refresh_tokens (restaurant_id, login_id, hash, expires_at)
    SELECT restaurant_id, login_id, $5, now() + make_interval(secs => $6) FROM used
), swept AS (
    DELETE FROM refresh_tokens t USING used
    WHERE t.restaurant_id = used.restaurant_id AND t.login_id = used.login_id AND t.expires_at <= now()
)
UPDATE logins l
SET expires_at = now() + make_interval(secs => $7)
FROM used
WHERE l.restaurant_id = used.restaurant_id AND l.id = used.login_id AND l.revoked_at IS NULL

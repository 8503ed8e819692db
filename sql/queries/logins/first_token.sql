-- The first refresh token of the login $2: its hash $3, good for $4 seconds.
INSERT INTO refresh_tokens (restaurant_id, login_id, hash, expires_at)
VALUES ($1, $2, $3, now() + make_interval(secs => $4))

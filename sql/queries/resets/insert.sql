-- A token's hash $2 for the user $3, good for $4 seconds; no row where the user was removed meanwhile.
INSERT INTO password_resets (restaurant_id, hash, user_id, expires_at)
SELECT restaurant_id, $2, id, now() + make_interval(secs => $4)
FROM users
WHERE restaurant_id = $1 AND id = $3 AND removed_at IS NULL

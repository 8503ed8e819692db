-- Opens the login $2 of the user $3, with $4 seconds per access token, good for $5 seconds; no row where the user was
-- removed or the password changed ($6, null for not asked) while it was checked. Who gives the user another password waits
-- for this, and then ends this login too; or this waits for that, and finds another password (people/another_password).
INSERT INTO logins (restaurant_id, id, user_id, access_ttl_s, expires_at)
SELECT restaurant_id, $2, id, $4, now() + make_interval(secs => $5)
FROM users
WHERE restaurant_id = $1 AND id = $3 AND removed_at IS NULL AND ($6::text IS NULL OR password_hash = $6)
FOR KEY SHARE

-- What is known of the refresh token with the hash $3 of the login $2, whose row is locked.
SELECT u.id, u.restaurant_id, u.email, u.name, u.role,
       l.access_ttl_s,
       l.revoked_at IS NULL AND u.removed_at IS NULL AS live,
       t.expires_at <= now() AS expired,
       t.used_at IS NOT NULL AS used,
       t.used_key_hash,
       EXISTS (
           SELECT FROM refresh_tokens s
           WHERE s.restaurant_id = t.restaurant_id AND s.hash = t.successor AND s.used_at IS NULL
       ) AS successor_unused
FROM refresh_tokens t
JOIN logins l ON l.restaurant_id = t.restaurant_id AND l.id = t.login_id
JOIN users u ON u.restaurant_id = l.restaurant_id AND u.id = l.user_id
WHERE t.restaurant_id = $1 AND t.login_id = $2 AND t.hash = $3

-- A page of the devices of the restaurant $1, newest first, after ($2, $3), and when each last got a token.
SELECT d.id, u.name, u.role, d.station, d.claimed_by, d.created_at,
       (SELECT max(t.issued_at) FROM logins l
        JOIN refresh_tokens t ON t.restaurant_id = l.restaurant_id AND t.login_id = l.id
        WHERE l.restaurant_id = d.restaurant_id AND l.user_id = d.id) AS last_token_at
FROM devices d
JOIN users u ON u.restaurant_id = d.restaurant_id AND u.id = d.id
WHERE d.restaurant_id = $1 AND u.removed_at IS NULL
  AND (d.created_at, d.id) < ($2, $3)
ORDER BY d.created_at DESC, d.id DESC
LIMIT $4

-- Where a token's bearer stands: restaurant $1, user $2, login $3 (may be null). Always one row.
SELECT EXISTS (SELECT FROM restaurants WHERE id = $1) AS restaurant,
       u.role,
       u.removed_at IS NOT NULL AS removed,
       EXISTS (
           SELECT FROM logins
           WHERE restaurant_id = $1 AND id = $3 AND user_id = $2 AND revoked_at IS NULL
       ) AS login,
       -- Asked only where the restaurant has no such user.
       CASE WHEN u.id IS NULL THEN comanda_user_exists($2) ELSE false END AS elsewhere
FROM (VALUES (true)) AS one (row)
LEFT JOIN users u ON u.restaurant_id = $1 AND u.id = $2

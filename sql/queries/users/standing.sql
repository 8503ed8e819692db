-- Where a token's bearer stands: tenant $1, user $2, login $3 (may be null). Always one row.
SELECT r.id IS NOT NULL AS restaurant,
       coalesce(r.kind = 'NGO', false) AS ngo,
       seats.boards,
       seats.board_names,
       u.role,
       u.removed_at IS NOT NULL AS removed,
       EXISTS (
           SELECT FROM logins
           WHERE restaurant_id = $1 AND id = $3 AND user_id = $2 AND revoked_at IS NULL
       ) AS login,
       -- Asked only where the restaurant has no such user.
       CASE WHEN u.id IS NULL THEN comanda_user_exists($2) ELSE false END AS elsewhere
FROM (VALUES (true)) AS one (row)
LEFT JOIN restaurants r ON r.id = $1
LEFT JOIN users u ON u.restaurant_id = $1 AND u.id = $2
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(b.id ORDER BY n.joined_at, b.id), '{}') AS boards,
           coalesce(array_agg(b.name ORDER BY n.joined_at, b.id), '{}') AS board_names
    FROM (
        SELECT r.board_id, NULL::timestamptz AS joined_at
        UNION ALL
        SELECT board_id, joined_at FROM ngo_boards WHERE organization_id = $1
    ) AS n
    JOIN boards b ON b.id = n.board_id
) AS seats

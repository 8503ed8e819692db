-- The boards that the restaurant or NGO $1 is on, the oldest membership first, and what they are called.
SELECT seats.boards, seats.board_names
FROM restaurants r
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
WHERE r.id = $1

-- Every board with the tenants on it, a row for each; one with nulls for a board that nobody is on.
SELECT b.id AS board_id, b.name AS board, t.id, t.name, t.kind
FROM boards b
LEFT JOIN (
    SELECT board_id, id FROM restaurants WHERE board_id IS NOT NULL
    UNION ALL
    SELECT board_id, organization_id FROM ngo_boards
) AS seats ON seats.board_id = b.id
LEFT JOIN restaurants t ON t.id = seats.id
ORDER BY b.name, b.id, t.kind DESC, t.name, t.id

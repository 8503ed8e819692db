-- Table sessions by id, those of these orders, and the open ones at these tables. A union, since an OR over them would
-- read every session there ever was.
WITH wanted AS (
    SELECT unnest($2::uuid[]) AS id
    UNION
    SELECT table_session_id FROM orders WHERE restaurant_id = $1 AND id = ANY ($3::uuid[])
    UNION
    SELECT id FROM table_sessions WHERE restaurant_id = $1 AND table_id = ANY ($4::uuid[]) AND closed_at IS NULL
)
SELECT s.id, s.table_id, t.name AS table_name, s.covers, s.opened_by, s.opened_at, s.closed_at
FROM wanted w
JOIN table_sessions s ON s.restaurant_id = $1 AND s.id = w.id
JOIN tables t ON t.restaurant_id = $1 AND t.id = s.table_id

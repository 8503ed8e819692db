-- The sessions of guests that are there now, in the order they came.
SELECT s.id, s.table_id, t.name AS table_name, s.covers, s.opened_by, s.opened_at, s.closed_at
FROM table_sessions s
JOIN tables t ON t.restaurant_id = s.restaurant_id AND t.id = s.table_id
WHERE s.restaurant_id = $1 AND s.closed_at IS NULL
ORDER BY s.opened_at, s.id

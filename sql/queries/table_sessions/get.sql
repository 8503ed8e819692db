SELECT s.id, s.table_id, t.name AS table_name, s.covers, s.opened_by, s.opened_at, s.closed_at
FROM table_sessions s
JOIN tables t ON t.restaurant_id = s.restaurant_id AND t.id = s.table_id
WHERE s.restaurant_id = $1 AND s.id = $2

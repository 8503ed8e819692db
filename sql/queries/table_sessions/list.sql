-- A page of table sessions, newest first, after ($2, $3).
SELECT s.id, s.table_id, t.name AS table_name, s.covers, s.opened_by, s.opened_at, s.closed_at
FROM table_sessions s
JOIN tables t ON t.restaurant_id = s.restaurant_id AND t.id = s.table_id
WHERE s.restaurant_id = $1
  AND (s.opened_at, s.id) < ($2, $3)
ORDER BY s.opened_at DESC, s.id DESC
LIMIT $4

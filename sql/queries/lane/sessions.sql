-- Table sessions by id, those of these orders, and the open ones at these tables.
SELECT s.id, s.table_id, t.name AS table_name, s.covers, s.opened_by, s.opened_at, s.closed_at
FROM table_sessions s
JOIN tables t ON t.restaurant_id = s.restaurant_id AND t.id = s.table_id
WHERE s.restaurant_id = $1
  AND (s.id = ANY ($2::uuid[])
       OR s.id IN (SELECT o.table_session_id FROM orders o WHERE o.restaurant_id = $1 AND o.id = ANY ($3::uuid[]))
       OR (s.table_id = ANY ($4::uuid[]) AND s.closed_at IS NULL))

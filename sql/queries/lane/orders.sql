SELECT o.id, o.table_session_id, t.id AS table_id, t.name AS table_name, o.number, o.lifecycle, o.note, o.version,
       o.created_by, o.created_at, o.confirmed_at, o.updated_at, o.priority, o.acknowledged_at, o.external_id,
       c.id AS customer_id, c.number AS customer_number
FROM orders o
LEFT JOIN table_sessions s ON s.restaurant_id = $1 AND s.id = o.table_session_id
LEFT JOIN tables t ON t.restaurant_id = $1 AND t.id = s.table_id
LEFT JOIN customers c ON c.restaurant_id = $1 AND c.id = o.customer_id
WHERE o.restaurant_id = $1 AND o.id = ANY ($2::uuid[])

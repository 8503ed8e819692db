-- The same of the order that another system called $9.
SELECT o.id, o.table_session_id, t.id AS table_id, t.name AS table_name, o.number, o.lifecycle, o.note, o.version,
       o.created_by, o.created_at, o.confirmed_at, o.updated_at, o.priority, o.acknowledged_at, o.external_id,
       c.id AS customer_id, c.number AS customer_number
FROM orders o
LEFT JOIN table_sessions s ON s.restaurant_id = o.restaurant_id AND s.id = o.table_session_id
LEFT JOIN tables t ON t.restaurant_id = s.restaurant_id AND t.id = s.table_id
LEFT JOIN customers c ON c.restaurant_id = o.restaurant_id AND c.id = o.customer_id
WHERE o.restaurant_id = $1
  AND (o.created_at, o.id) < ($2, $3)
  AND o.created_at >= $6
  AND ($4::text[] IS NULL OR o.status = ANY ($4))
  AND ($5::uuid IS NULL OR s.table_id = $5)
  AND ($7 OR o.number IS NOT NULL)
  AND o.external_id = $9
ORDER BY o.created_at DESC, o.id DESC
LIMIT $8

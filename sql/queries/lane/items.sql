-- The lines of the same orders, in the order they were added (ids are UUIDv7).
SELECT i.id, i.order_id, i.name, i.qty, i.unit_price, i.status, i.notes, i.menu_item_id, i.course, i.station, i.late,
       i.version, i.created_at, i.updated_at
FROM order_items i
JOIN orders o ON o.restaurant_id = i.restaurant_id AND o.id = i.order_id
WHERE i.restaurant_id = $1
  AND (o.id = ANY ($2::uuid[])
       OR (o.table_session_id = ANY ($3::uuid[]) AND o.status NOT IN ('CANCELLED', 'CLOSED')))
ORDER BY i.id

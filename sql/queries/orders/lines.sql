-- The lines of these orders, as they were added.
SELECT id, order_id, name, qty, unit_price, status, notes, menu_item_id, course, station, late, version, created_at,
       updated_at, sent_at, started_at, ready_at, served_at, batch_id, attention, acknowledged_at
FROM order_items
WHERE restaurant_id = $1 AND order_id = ANY ($2)
ORDER BY order_id, id

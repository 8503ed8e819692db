-- The orders with unfinished lines at these stations; drafts too.
SELECT DISTINCT o.id
FROM stations s
JOIN order_items i ON i.restaurant_id = $1 AND i.station = s.name
JOIN orders o ON o.restaurant_id = $1 AND o.id = i.order_id
WHERE s.restaurant_id = $1 AND s.id = ANY ($2::uuid[])
  AND o.status IN ('DRAFT', 'CONFIRMED', 'IN_PROGRESS', 'READY')
  AND i.status IN ('PENDING', 'HELD', 'IN_PROGRESS', 'READY')

-- The orders that stand in the way of closing these sessions, or go along with them.
SELECT id
FROM orders
WHERE restaurant_id = $1 AND table_session_id = ANY ($2::uuid[]) AND status NOT IN ('CANCELLED', 'CLOSED')

-- The orders with these ticket numbers.
SELECT id FROM orders WHERE restaurant_id = $1 AND number = ANY ($2::bigint[])

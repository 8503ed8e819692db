SELECT DISTINCT customer_id AS id FROM orders WHERE restaurant_id = $1 AND customer_id = ANY ($2::uuid[])

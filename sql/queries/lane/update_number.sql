UPDATE restaurants SET last_order_number = $2 WHERE id = $1 AND last_order_number = $3

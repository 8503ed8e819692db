UPDATE restaurants SET last_customer_number = $2 WHERE id = $1 AND last_customer_number = $3

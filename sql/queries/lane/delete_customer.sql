DELETE FROM customers WHERE restaurant_id = $1 AND id = $2 AND version = $3

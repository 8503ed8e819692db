SELECT EXISTS (SELECT FROM orders WHERE restaurant_id = $1 AND id = $2)

SELECT id, number, name, email, phone, created_at, external_id FROM customers WHERE restaurant_id = $1 AND id = ANY ($2)

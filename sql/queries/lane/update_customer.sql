UPDATE customers SET name = $3, email = $4, phone = $5, version = $6, updated_at = $7
WHERE restaurant_id = $1 AND id = $2 AND version = $8

INSERT INTO tables (restaurant_id, id, name, created_at) VALUES ($1, $2, $3, $4)

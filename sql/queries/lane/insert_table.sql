INSERT INTO tables (restaurant_id, id, name, created_at, external_id) VALUES ($1, $2, $3, $4, $5)

INSERT INTO customers (restaurant_id, id, number, name, email, phone, version, created_at, updated_at, external_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

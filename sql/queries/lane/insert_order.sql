INSERT INTO orders (restaurant_id, id, table_session_id, number, lifecycle, status, note, version, created_by, created_at,
                    confirmed_at, updated_at, customer_id, external_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

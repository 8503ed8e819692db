INSERT INTO production_orders (restaurant_id, id, title, customer_name, status, estimated_date, date_issued, version,
                               created_by, created_at, updated_at, external_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

INSERT INTO menu_items (restaurant_id, id, name, category, price, course, station, available, remaining, until, version,
                        updated_at, removed_at, created_at, external_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

INSERT INTO donations (board_id, id, restaurant_id, donor_name, donor_id, name, food_type, quantity, unit, description, lat, lng,
                       address, expires_at, image_urls, status, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)

INSERT INTO menu_categories (restaurant_id, id, name, position, version, updated_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

UPDATE menu_categories SET name = $3, position = $4, version = $5, updated_at = $6
WHERE restaurant_id = $1 AND id = $2 AND version = $7

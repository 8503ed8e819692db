UPDATE menu_items
SET name = $3, category = $4, price = $5, course = $6, station = $7, available = $8, remaining = $9, until = $10,
    version = $11, updated_at = $12, removed_at = $13
WHERE restaurant_id = $1 AND id = $2 AND version = $14 AND remaining IS NOT DISTINCT FROM $15

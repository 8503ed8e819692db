SELECT id, name, position, version, created_at, updated_at
FROM menu_categories
WHERE restaurant_id = $1 AND id = $2

SELECT id, name, category, price, course, station, available, remaining, until, version, created_at, updated_at, removed_at, external_id
FROM menu_items
WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL

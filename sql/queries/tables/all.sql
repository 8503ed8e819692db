SELECT id, name, created_at, external_id
FROM tables
WHERE restaurant_id = $1
ORDER BY created_at, id

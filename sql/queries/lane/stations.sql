SELECT id, name, categories, warn_after_s, late_after_s, is_default, version, created_at, updated_at
FROM stations
WHERE restaurant_id = $1
